-- ARGV: hash or '' to ask only, the hash of a user's name, how many sessions they may have, the node, whether to
-- judge ('1'). Returns whether there is a place, which is kept for a minute then.
local hash, owner, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local places, promised = ns .. 'user:' .. owner, ns .. 'promised:' .. owner
local taken = tidy(owner, ARGV[5] == '1')
if hash ~= '' and redis.call('ZSCORE', places, hash) then
  return {1}
end
redis.call('ZREMRANGEBYSCORE', promised, '-inf', now())
for _, other in ipairs(redis.call('ZRANGE', promised, 0, -1)) do
  if other ~= hash and redis.call('EXISTS', ns .. 'end:' .. other) == 0 then
    taken = taken + 1
  end
end
if taken >= limit then
  return {0}
end
if hash ~= '' then
  redis.call('ZADD', promised, now() + PROMISE, hash)
  redis.call('PEXPIRE', promised, PROMISE)
  redis.call('SADD', ns .. 'promises:' .. ARGV[4], owner .. ' ' .. hash)
  redis.call('PEXPIRE', ns .. 'promises:' .. ARGV[4], 2 * PROMISE)
end
return {1}
