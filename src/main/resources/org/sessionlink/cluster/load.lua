-- ARGV: 'id' or 'hash', which, whether to judge ('1'), how many bytes its attributes may have. Returns {hash, state,
-- record}, or instead of a record that is larger how large it is.
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
local most = tonumber(ARGV[4])
local bytes = weigh(key, most)
if bytes > most then
  return {hash, state, bytes}
end
return {hash, state, redis.call('HGETALL', key)}
