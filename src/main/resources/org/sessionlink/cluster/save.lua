-- ARGV: hash, 'new' or '', the id that it gets or '', its timeout or '', whether others are to know ('1'),
-- how many pairs, names and values, names to take out. Returns its state, as look does.
local hash = ARGV[1]
local key = ns .. 'link:' .. hash
local state = look(hash, false)
if state[1] == 'ended' or (state[1] == 'lost' and ARGV[2] ~= 'new') then
  return state
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
local pairs = tonumber(ARGV[6])
for i = 7, 6 + 2 * pairs, 2 do
  redis.call('HSET', key, ARGV[i], ARGV[i + 1])
end
for i = 7 + 2 * pairs, #ARGV do
  redis.call('HDEL', key, ARGV[i])
end
expire(hash, id, tonumber(redis.call('HGET', key, 'timeout')))
if ARGV[5] == '1' then
  local version = redis.call('HINCRBY', key, 'version', 1)
  redis.call('PUBLISH', ns .. 'news', 'changed ' .. hash .. ' ' .. version)
end
return look(hash, false)
