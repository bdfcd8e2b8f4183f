-- ARGV: 'id' or 'hash', which, and whether to judge ('1'). Returns {hash, state, record}.
local hash = ARGV[2]
if ARGV[1] == 'id' then
  hash = redis.call('GET', ns .. 'id:' .. ARGV[2])
  if not hash then
    return {'', {'lost'}}
  end
end
local state = look(hash, ARGV[3] == '1')
if state[1] ~= 'open' then
  return {hash, state}
end
local key = ns .. 'link:' .. hash
return {hash, state, redis.call('HGETALL', key)}
