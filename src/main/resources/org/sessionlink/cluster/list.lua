-- ARGV: 'all', 'like' or 'user', after which hash, what hashes begin with, or the hash of a user's name, how many,
-- whether to judge ('1'). Returns {the last hash or '', {hash, age, idle, timeout, user, address, agent}...}; forgets
-- those whose records are gone.
local index, hashes = ns .. 'links', nil
if ARGV[1] == 'all' then
  hashes = redis.call('ZRANGEBYLEX', index, (ARGV[2] == '') and '-' or ('(' .. ARGV[2]), '+', 'LIMIT', 0, ARGV[3])
elseif ARGV[1] == 'like' then
  hashes = redis.call('ZRANGEBYLEX', index, '[' .. ARGV[2], '[' .. ARGV[2] .. '\255', 'LIMIT', 0, ARGV[3])
else
  index = ns .. 'user:' .. ARGV[2]
  hashes = redis.call('ZRANGE', index, 0, -1)
end
local rows = {hashes[#hashes] or ''}
for _, hash in ipairs(hashes) do
  local state = look(hash, ARGV[4] == '1')
  if state[1] == 'open' then
    local record = redis.call('HMGET', ns .. 'link:' .. hash, 'created', 'user', 'address', 'agent')
    rows[#rows + 1] = {hash, now() - (tonumber(record[1] or '') or now()), state[2], state[3], record[2] or '', record[3] or '', record[4] or ''}
  else
    redis.call('ZREM', index, hash)
  end
end
return rows
