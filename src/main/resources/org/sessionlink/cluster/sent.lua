-- ARGV: 'take', 'look', 'handled' or 'failed', the hash of a link, the id of a message of its clients', the node. What becomes of
-- each message of a link, the last 1,000 of the last five minutes:
--   sent:<hash>   ids, by when they came
--   sends:<hash>  of each id 'handled', or 'by <node>', with a ! in front where another node waits for it
-- Returns of 'take' 'first', where the node is to handle it, 'again' or 'meanwhile'; of 'look' the same, and changes
-- nothing. A node that is gone handles nothing.
local LONGEST, MOST = 300000, 1000
local hash, id, node = ARGV[2], ARGV[3], ARGV[4]
local times, states = ns .. 'sent:' .. hash, ns .. 'sends:' .. hash

local function forgetSent(some)
  for _, old in ipairs(some) do
    redis.call('ZREM', times, old)
    redis.call('HDEL', states, old)
  end
end

local function note(state)
  redis.call('ZADD', times, 'NX', now(), id)
  redis.call('HSET', states, id, state)
  redis.call('PEXPIRE', times, LONGEST)
  redis.call('PEXPIRE', states, LONGEST)
end

local known = redis.call('HGET', states, id)
local waited, by = string.match(known or '', '^(!?)by (.*)$')
if ARGV[1] == 'take' or ARGV[1] == 'look' then
  forgetSent(redis.call('ZRANGEBYSCORE', times, '-inf', now() - LONGEST))
  if known == 'handled' and redis.call('ZSCORE', times, id) then
    return {'again'}
  end
  local heard = by and by ~= node and tonumber(redis.call('ZSCORE', ns .. 'nodes', by) or '')
  if heard and now() - heard < SILENCE then
    redis.call('HSET', states, id, '!by ' .. by)
    return {'meanwhile'}
  end
  if ARGV[1] == 'look' then
    return {(by == node) and 'meanwhile' or 'first'}
  end
  forgetSent({id})
  local many = redis.call('ZCARD', times) - MOST
  if many >= 0 then
    forgetSent(redis.call('ZRANGE', times, 0, many))
  end
  note('by ' .. node)
  return {'first'}
end
if ARGV[1] == 'handled' then
  note('handled')
elseif by == node then
  forgetSent({id})
end
if waited == '!' then
  redis.call('PUBLISH', ns .. 'sent', ARGV[1] .. ' ' .. hash .. ' ' .. id)
end
return {'noted'}
