import { script } from './redis-link.ts';
import { head, terms, unpack } from './redis-script-parts.ts';

/** 4 how many. Removes so much of everything, the installation record first; answers 0 when nothing is left. */
export const clear = script(`${head}${unpack}${terms}
if redis.call('EXISTS', P .. 'd:installation:this') == 1 then
  erase('installation', 'this', select(4, unpacked(redis.call('GET', P .. 'd:installation:this'))))
end
for _, C in ipairs(redis.call('SMEMBERS', P .. 'c')) do
  local keys = redis.call('ZRANGE', P .. 'k:' .. C, 0, ARGV[4] - 1)
  for _, K in ipairs(keys) do
    local raw = redis.call('GET', P .. 'd:' .. C .. ':' .. K)
    erase(C, K, raw and select(4, unpacked(raw)) or '')
  end
  if #keys > 0 then return #keys end
  redis.call('SREM', P .. 'c', C)
end
for _, S in ipairs(redis.call('SMEMBERS', P .. 'S')) do
  local ids = redis.call('ZRANGE', P .. 's:' .. S, 0, ARGV[4] - 1)
  for _, id in ipairs(ids) do
    local raw = redis.call('HGET', P .. 'h:' .. S, id)
    for tag in string.gmatch(raw and select(4, unpacked(raw)) or '', '[^%z]+') do
      redis.call('ZREM', P .. 'g:' .. S .. ':' .. tag, id)
    end
    redis.call('HDEL', P .. 'h:' .. S, id)
    redis.call('ZREM', P .. 's:' .. S, id)
  end
  if #ids > 0 then return #ids end
  redis.call('SREM', P .. 'S', S)
end
redis.call('DEL', P .. 'n', P .. 'x', P .. 'touched')
return 0
`);

/** 4 and on: collection, key and packed document in turn, none of which is there. */
export const loadDocuments = script(`${head}${unpack}${terms}
for index = 4, #ARGV, 3 do
  local C, K, raw = ARGV[index], ARGV[index + 1], ARGV[index + 2]
  local _, expiry, _, words = unpacked(raw)
  local name = 'd:' .. C .. ':' .. K
  redis.call('SET', P .. name, raw)
  redis.call('ZADD', P .. 'k:' .. C, 0, K)
  redis.call('SADD', P .. 'c', C)
  if expiry ~= '-' then redis.call('ZADD', P .. 'x', expiry, name) end
  reindex(C, K, '', words)
end
return 1
`);

/** 4 and on: stream, id and packed entry in turn, none of which is there; the highest number last. */
export const loadEntries = script(`${head}${unpack}
for index = 4, #ARGV, 3 do
  local S, id, raw = ARGV[index], ARGV[index + 1], ARGV[index + 2]
  local _, expiry, _, tags = unpacked(raw)
  redis.call('HSET', P .. 'h:' .. S, id, raw)
  redis.call('ZADD', P .. 's:' .. S, 0, id)
  redis.call('SADD', P .. 'S', S)
  for tag in string.gmatch(tags, '[^%z]+') do redis.call('ZADD', P .. 'g:' .. S .. ':' .. tag, 0, id) end
  if expiry ~= '-' then redis.call('ZADD', P .. 'x', expiry, 'h:' .. S .. ':' .. id) end
  redis.call('SET', P .. 'n', string.format('%.0f', tonumber(string.sub(id, 18))))
end
return 1
`);
