/**
 * What every script begins with. ARGV: 1 prefix, 2 a text that the installation record must hold (or empty), 3 now.
 * Keys are made from the prefix inside the scripts: one server holds them all, Redis Cluster is not supported.
 */
export const head = `
local P, now = ARGV[1], tonumber(ARGV[3])
if ARGV[2] ~= '' then
  local record = redis.call('GET', P .. 'd:installation:this')
  if not record or not string.find(record, ARGV[2], 1, true) then
    return redis.error_reply('VANISHED the installation is no longer there')
  end
end
local function alive(expiry) return expiry == '-' or tonumber(expiry) > now end
`;

/** Takes packed documents apart: version, expiry, value, terms. */
export const unpack = `
local function unpacked(raw) return string.match(raw, '^(%d+) (%S+)\\n([^\\n]*)\\n(.*)$') end
`;

/**
 * Keeps the terms of one document findable. What begins with one, two or three characters has an index of its own, so
 * that a few letters typed do not walk everybody. Characters are those of UTF-8: a byte that starts one, and its rest.
 */
export const terms = `
local function indexed(C, K, terms)
  local set = {}
  for term in string.gmatch(terms, '[^%z]+') do
    set['t' .. term .. '\\0' .. K] = true
    local count = 0
    for till in string.gmatch(term, '[^\\128-\\191][\\128-\\191]*()') do
      count = count + 1
      set['b' .. string.sub(term, 1, till - 1)] = true
      if count == 3 then break end
    end
  end
  return set
end
local function change(command, C, K, place)
  local kind, rest = string.sub(place, 1, 1), string.sub(place, 2)
  local key, member = P .. 't:' .. C, rest
  if kind == 'b' then key, member = P .. 'b:' .. C .. ':' .. rest, K end
  if command == 'ZADD' then redis.call('ZADD', key, 0, member) else redis.call('ZREM', key, member) end
end
local function reindex(C, K, old, new)
  if old == new then return end
  local before, after = indexed(C, K, old), indexed(C, K, new)
  for place in pairs(before) do if not after[place] then change('ZREM', C, K, place) end end
  for place in pairs(after) do if not before[place] then change('ZADD', C, K, place) end end
end
local function erase(C, K, terms)
  reindex(C, K, terms, '')
  redis.call('ZREM', P .. 'k:' .. C, K)
  redis.call('ZREM', P .. 'x', 'd:' .. C .. ':' .. K)
  redis.call('DEL', P .. 'd:' .. C .. ':' .. K)
end
`;

/** Publishes in the same script as the write it belongs to: both happen or neither does. */
export const announce = `
local function announce(message)
  if message ~= '' then redis.call('PUBLISH', P .. 'topics', message) end
end
`;
