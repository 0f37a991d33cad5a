import { script } from './redis-link.ts';
import { announce, head, terms, unpack } from './redis-script-parts.ts';

/**
 * 4 collection, 5 key, 6 value, 7 expiry, 8 wanted version, "absent" or empty, 9 version of a new document,
 * 10 announcement or empty, 11 and on terms. Answers the new version, or 0 for a conflict.
 */
export const put = script(`${head}${unpack}${terms}${announce}
local C, K, expiry, wanted = ARGV[4], ARGV[5], ARGV[7], ARGV[8]
local name = 'd:' .. C .. ':' .. K
local raw = redis.call('GET', P .. name)
local current, old = nil, ''
if raw then
  local version, till, _, words = unpacked(raw)
  old = words
  if alive(till) then current = version end
end
if wanted ~= '' and wanted ~= (current or 'absent') then return '0' end
local version = current and string.format('%.0f', tonumber(current) + 1) or ARGV[9]
local new = table.concat(ARGV, '\\0', 11)
redis.call('SET', P .. name, version .. ' ' .. expiry .. '\\n' .. ARGV[6] .. '\\n' .. new)
if not raw then
  redis.call('ZADD', P .. 'k:' .. C, 0, K)
  redis.call('SADD', P .. 'c', C)
end
reindex(C, K, old, new)
if expiry == '-' then redis.call('ZREM', P .. 'x', name) else redis.call('ZADD', P .. 'x', expiry, name) end
announce(ARGV[10])
return version
`);

/** 4 collection, 5 key, 6 wanted version or empty, 7 announcement or empty. Answers -1 conflict, 0 absent, 1 deleted. */
export const remove = script(`${head}${unpack}${terms}${announce}
local C, K, wanted = ARGV[4], ARGV[5], ARGV[6]
local raw = redis.call('GET', P .. 'd:' .. C .. ':' .. K)
local current, old = nil, ''
if raw then
  local version, till, _, words = unpacked(raw)
  old = words
  if alive(till) then current = version end
end
if wanted ~= '' and wanted ~= current then return -1 end
if raw then erase(C, K, old) end
announce(ARGV[7])
return current and 1 or 0
`);

/** 4 collection, 5 key, 6 value, 7 version. Answers whether the document was at it. */
export const rewrite = script(`${head}${unpack}
local name = P .. 'd:' .. ARGV[4] .. ':' .. ARGV[5]
local raw = redis.call('GET', name)
if not raw then return 0 end
local version, expiry, _, words = unpacked(raw)
if version ~= ARGV[7] then return 0 end
local new = string.format('%.0f', tonumber(version) + 1)
redis.call('SET', name, new .. ' ' .. expiry .. '\\n' .. ARGV[6] .. '\\n' .. words)
return 1
`);

/** 4 stream, 5 time with 16 digits, 6 expiry, 7 value, 8 and on tags. Answers the id. */
export const append = script(`${head}
local S, expiry = ARGV[4], ARGV[6]
local id = ARGV[5] .. '-' .. string.format('%016.0f', redis.call('INCR', P .. 'n'))
redis.call('HSET', P .. 'h:' .. S, id, '1 ' .. expiry .. '\\n' .. ARGV[7] .. '\\n' .. table.concat(ARGV, '\\0', 8))
redis.call('ZADD', P .. 's:' .. S, 0, id)
redis.call('SADD', P .. 'S', S)
for index = 8, #ARGV do redis.call('ZADD', P .. 'g:' .. S .. ':' .. ARGV[index], 0, id) end
if expiry ~= '-' then redis.call('ZADD', P .. 'x', expiry, 'h:' .. S .. ':' .. id) end
return id
`);

/**
 * 4 stream, 5 and 6 beginning and end (as ZRANGEBYLEX takes them), 7 how many, 8 the moment that they end. Answers the id
 * of the last one looked at, empty at the end.
 */
export const endEntries = script(`${head}
local S, wanted, moment = ARGV[4], tonumber(ARGV[7]), ARGV[8]
local ids = redis.call('ZRANGEBYLEX', P .. 's:' .. S, ARGV[5], ARGV[6], 'LIMIT', 0, wanted)
for _, id in ipairs(ids) do
  local raw = redis.call('HGET', P .. 'h:' .. S, id)
  if raw then
    local version, expiry, rest = string.match(raw, '^(%d+) (%S+)(\\n.*)$')
    if alive(expiry) then
      redis.call('HSET', P .. 'h:' .. S, id, version .. ' ' .. moment .. rest)
      redis.call('ZADD', P .. 'x', moment, 'h:' .. S .. ':' .. id)
    end
  end
end
return #ids == wanted and ids[#ids] or ''
`);

/** 4 announcement. */
export const publish = script(`${head}${announce}
announce(ARGV[4])
return 1
`);

/** 4 channel, 5 heartbeat. Says nothing where the installation has gone: whoever hears nothing trusts nothing. */
export const beat = script(`${head}
return redis.call('PUBLISH', ARGV[4], ARGV[5])
`);

/** Proves that the server takes writes. */
export const touch = script(`${head}
redis.call('SET', P .. 'touched', ARGV[3])
return 1
`);

/**
 * 4 expired up to, 5 how many. Removes some of what nobody can see any more, with all that leads to it; answers how
 * many. The server's own clock has to agree: one gateway with a wrong clock must not throw anything away.
 */
export const sweep = script(`${head}${unpack}${terms}
local time = redis.call('TIME')
local limit = math.min(tonumber(ARGV[4]), time[1] * 1000 - (now - tonumber(ARGV[4])))
local gone = redis.call('ZRANGEBYSCORE', P .. 'x', '-inf', string.format('%.0f', limit), 'LIMIT', 0, ARGV[5])
for _, name in ipairs(gone) do
  local kind, place, rest = string.match(name, '^(%a):([^:]*):(.*)$')
  if kind == 'd' then
    local raw = redis.call('GET', P .. name)
    local words = ''
    if raw then words = select(4, unpacked(raw)) end
    erase(place, rest, words)
  else
    local raw = redis.call('HGET', P .. 'h:' .. place, rest)
    if raw then
      for tag in string.gmatch(select(4, unpacked(raw)), '[^%z]+') do
        redis.call('ZREM', P .. 'g:' .. place .. ':' .. tag, rest)
      end
    end
    redis.call('HDEL', P .. 'h:' .. place, rest)
    redis.call('ZREM', P .. 's:' .. place, rest)
    redis.call('ZREM', P .. 'x', name)
  end
end
return #gone
`);

/** 4 lock, 5 its holder, 6 milliseconds. Prolongs a lock that is still the holder's. */
export const prolong = script(`${head}
if redis.call('GET', P .. ARGV[4]) ~= ARGV[5] then return 0 end
return redis.call('PEXPIRE', P .. ARGV[4], ARGV[6])
`);

/** 4 lock, 5 its holder. */
export const unlock = script(`${head}
if redis.call('GET', P .. ARGV[4]) ~= ARGV[5] then return 0 end
return redis.call('DEL', P .. ARGV[4])
`);
