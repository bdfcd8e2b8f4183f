-- ARGV: hash, 'new' or '', the id that it gets or '', its timeout or '', whether others are to know ('1'), how many
-- bytes its attributes may have, how many pairs, names and values, names to take out. Returns its state, as look does,
-- and the names of those that are left out, as there would be more.
local hash = ARGV[1]
local key = ns .. 'link:' .. hash
local state = look(hash, false)
if state[1] == 'ended' or (state[1] == 'lost' and ARGV[2] ~= 'new') then
  return {state}
end
if ARGV[2] == 'new' then
  redis.call('HSET', key, 'used', now(), 'created', now(), 'version', 0)
  redis.call('ZADD', ns .. 'links', 0, hash)
end
local id = redis.call('HGET', key, 'id')
if ARGV[3] ~= '' then
  if id and id ~= ARGV[3] then
    redis.call('DEL', ns .. 'id:' .. id)
  end
  id = ARGV[3]
  redis.call('SET', ns .. 'id:' .. id, hash)
  redis.call('HSET', key, 'id', id)
end
if ARGV[4] ~= '' then
  redis.call('HSET', key, 'timeout', ARGV[4])
end
local most, pairs = tonumber(ARGV[6]), tonumber(ARGV[7])
local bytes = weigh(key, most)
for i = 8 + 2 * pairs, #ARGV do
  bytes = bytes - size(key, ARGV[i])
  redis.call('HDEL', key, ARGV[i])
end
local answer = {state}
for i = 8, 7 + 2 * pairs, 2 do
  local field, value = ARGV[i], ARGV[i + 1]
  local more = #field + #value - size(key, field)
  if more > 0 and bytes + more > most then
    answer[#answer + 1] = field
  else
    redis.call('HSET', key, field, value)
    bytes = bytes + more
  end
end
redis.call('HSET', key, 'bytes', math.max(0, bytes))
expire(hash, id, tonumber(redis.call('HGET', key, 'timeout')))
if ARGV[5] == '1' then
  local version = redis.call('HINCRBY', key, 'version', 1)
  redis.call('PUBLISH', ns .. 'news', 'changed ' .. hash .. ' ' .. version)
end
answer[1] = look(hash, false)
return answer
