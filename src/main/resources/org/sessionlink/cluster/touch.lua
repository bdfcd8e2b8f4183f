-- ARGV: hashes, each with how long ago the use was (ms). Returns the state of each, as look does.
local function touch(hash, ago)
  local key = ns .. 'link:' .. hash
  local state = look(hash, false)
  if state[1] ~= 'open' then
    return state
  end
  local used = now() - ago
  local before = tonumber(redis.call('HGET', key, 'used'))
  if used > before then
    redis.call('HSET', key, 'used', used)
    local timeout = state[3]
    expire(hash, redis.call('HGET', key, 'id'), timeout)
    -- Others may have warned their clients.
    if timeout > 0 and (used - before) * 2 >= timeout then
      redis.call('PUBLISH', ns .. 'news', 'used ' .. hash)
    end
  end
  return look(hash, false)
end

local states = {}
for i = 1, #ARGV, 2 do
  states[#states + 1] = touch(ARGV[i], ARGV[i + 1])
end
return states
