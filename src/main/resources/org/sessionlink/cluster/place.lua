-- ARGV: hash, the version that its owner was read from, the owner's name, their hash or '' for nobody, how long ago
-- it became theirs (ms, '' for now), how many sessions a user may have (0: any number), 'end-oldest', 'refuse-new'
-- or 'keep', the node, whether to judge ('1'). Returns the hashes of the links that this has ended.
local hash, owner, limit = ARGV[1], ARGV[4], tonumber(ARGV[6])
local key = ns .. 'link:' .. hash
local state = look(hash, false)
-- A newer owner will be told of by whoever has read it.
if state[1] ~= 'open' or state[4] > tonumber(ARGV[2]) then
  return {}
end
local before = redis.call('HGET', key, 'owner')
if before and before ~= owner then
  redis.call('ZREM', ns .. 'user:' .. before, hash)
  redis.call('HDEL', key, 'owner', 'user')
end
if owner == '' then
  return {}
end
local places = ns .. 'user:' .. owner
redis.call('HSET', key, 'owner', owner, 'user', ARGV[3])
local taken = tidy(owner, ARGV[9] == '1')
if redis.call('ZSCORE', places, hash) then
  return {}
end
local promised = redis.call('ZREM', ns .. 'promised:' .. owner, hash) == 1
redis.call('SREM', ns .. 'promises:' .. ARGV[8], owner .. ' ' .. hash)
if limit > 0 and ARGV[7] == 'refuse-new' and not promised and taken >= limit then
  finish(hash, 'session-replaced')
  return {hash}
end
local since = now()
if ARGV[5] ~= '' then
  since = since - ARGV[5]
else
  local last = redis.call('ZREVRANGE', places, 0, 0, 'WITHSCORES')
  if last[2] and tonumber(last[2]) >= since then
    since = tonumber(last[2]) + 1
  end
end
redis.call('ZADD', places, since, hash)
keep(places, state[3], taken == 0)
local ended = {}
if limit > 0 and taken >= limit and ARGV[7] == 'end-oldest' then
  for i, oldest in ipairs(redis.call('ZRANGE', places, 0, taken - limit)) do
    finish(oldest, 'session-replaced')
    redis.call('ZREM', places, oldest)
    ended[i] = oldest
  end
end
return ended
