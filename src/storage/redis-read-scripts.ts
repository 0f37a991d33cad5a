import { script } from './redis-link.ts';
import { head, unpack } from './redis-script-parts.ts';

/** Documents or entries that one script looks at before it lets others have their turn. */
const longWalk = 5000;

/**
 * 4 collection, 5 first key, 6 end of keys (both as ZRANGEBYLEX takes them), 7 how many. Answers where to go on
 * (empty: nothing follows), then key and packed document in turn.
 */
const walk = `
local function add(out, K)
  local raw = redis.call('GET', P .. 'd:' .. C .. ':' .. K)
  if not raw then return end
  local _, expiry, _, words = unpacked(raw)
  if not alive(expiry) or (accepts and not accepts(words)) then return end
  out[#out + 1] = K
  out[#out + 1] = raw
end
local function walk(index, from, to, start)
  local out, looked = { '' }, 0
  while #out <= 2 * wanted do
    local step = math.min(math.max(wanted - (#out - 1) / 2, 16) * (looked == 0 and 1 or 4), 1000)
    local found = redis.call('ZRANGEBYLEX', index, from, to, 'LIMIT', 0, step)
    for _, member in ipairs(found) do
      add(out, string.sub(member, start))
      if #out > 2 * wanted then return out end
    end
    if #found < step then return out end
    looked = looked + #found
    if looked >= ${longWalk} then
      out[1] = string.sub(found[#found], start)
      return out
    end
    from = '(' .. found[#found]
  end
  return out
end
`;

export const list = script(`${head}${unpack}
local C, from, to, wanted, accepts = ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7]), nil
${walk}
return walk(P .. 'k:' .. C, from, to, 1)
`);

/**
 * As \`list\`, with 8 the beginning of a term, 9 the end of the terms that begin so, 10 the characters of it, 11 its
 * first three. Whichever is cheaper: the index of up to three characters; one exact term; the ranks of all that match,
 * when they are few; or a walk in the index of three characters, when they are many.
 */
export const search = script(`${head}${unpack}
local C, from, to, wanted, accepts = ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7]), nil
local first, last, start = '[' .. ARGV[8], ARGV[9], ARGV[11]
${walk}
local bucket, index = P .. 'b:' .. C .. ':' .. start, P .. 't:' .. C
if tonumber(ARGV[10]) <= 3 then return walk(bucket, from, to, 1) end

local count = redis.call('ZLEXCOUNT', index, first, last)
if count == 0 then return { '' } end
local term = string.match(redis.call('ZRANGEBYLEX', index, first, last, 'LIMIT', 0, 1)[1], '^[^%z]*')
if redis.call('ZLEXCOUNT', index, '[' .. term .. '\\0', '(' .. term .. '\\1') == count then
  local till = to == '+' and '(' .. term .. '\\1' or '(' .. term .. '\\0' .. string.sub(to, 2)
  return walk(index, string.sub(from, 1, 1) .. term .. '\\0' .. string.sub(from, 2), till, #term + 2)
end

local among = redis.call('ZLEXCOUNT', bucket, from, to)
-- A step of the walk, which reads a document, takes two and a half times as long as finding a rank.
if count > 2.5 * wanted * among / count then
  accepts = function(words)
    local wordStart = ARGV[8]
    if string.sub(words, 1, #wordStart) == wordStart then return true end
    return string.find(words, '\\0' .. wordStart, 1, true) ~= nil
  end
  return walk(bucket, from, to, 1)
end

-- Lua would order texts by the server's locale; ranks among all keys are in the order of bytes.
local keys = P .. 'k:' .. C
local low = redis.call('ZLEXCOUNT', keys, '-', (string.sub(from, 1, 1) == '[' and '(' or '[') .. string.sub(from, 2))
local high = low + redis.call('ZLEXCOUNT', keys, from, to)
local ranks, names = {}, {}
for _, member in ipairs(redis.call('ZRANGEBYLEX', index, first, last)) do
  local K = string.match(member, '%z(.*)$')
  local rank = redis.call('ZRANK', keys, K)
  if rank and rank >= low and rank < high and not names[rank] then
    names[rank] = K
    ranks[#ranks + 1] = rank
  end
end
table.sort(ranks)
local out = { '' }
for _, rank in ipairs(ranks) do
  if #out > 2 * wanted then break end
  add(out, names[rank])
end
return out
`);

/**
 * 4 stream, 5 end, 6 beginning (as ZREVRANGEBYLEX takes them), 7 how many, 8 and on tags. Answers where to go on, then
 * id and packed entry in turn, newest first. Walks the rarest tag.
 */
export const read = script(`${head}${unpack}
local S, to, from, wanted = ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])
local index, fewest, others = P .. 's:' .. S, nil, {}
for number = 8, #ARGV do
  local tagged = P .. 'g:' .. S .. ':' .. ARGV[number]
  local count = redis.call('ZLEXCOUNT', tagged, from, to)
  if not fewest or count < fewest then
    if fewest then others[#others + 1] = index end
    index, fewest = tagged, count
  else
    others[#others + 1] = tagged
  end
end
local function carriesAll(id)
  for _, tagged in ipairs(others) do
    if not redis.call('ZSCORE', tagged, id) then return false end
  end
  return true
end
local out, looked = { '' }, 0
while true do
  local step = math.min(math.max(wanted - (#out - 1) / 2, 16) * (looked == 0 and 1 or 4), 1000)
  local found = redis.call('ZREVRANGEBYLEX', index, to, from, 'LIMIT', 0, step)
  for _, id in ipairs(found) do
    if carriesAll(id) then
      local raw = redis.call('HGET', P .. 'h:' .. S, id)
      if raw and alive(select(2, unpacked(raw))) then
        out[#out + 1] = id
        out[#out + 1] = raw
        if #out > 2 * wanted then return out end
      end
    end
  end
  if #found < step then return out end
  looked = looked + #found
  if looked >= ${longWalk} then
    out[1] = found[#found]
    return out
  end
  to = '(' .. found[#found]
end
`);

/** Answers the names of the collections that hold something. */
export const collections = script(`${head}
local names = {}
for _, name in ipairs(redis.call('SMEMBERS', P .. 'c')) do
  if redis.call('EXISTS', P .. 'k:' .. name) == 1 then names[#names + 1] = name end
end
return names
`);

/** Answers the names of the streams. */
export const streams = script(`${head}
return redis.call('SMEMBERS', P .. 'S')
`);
