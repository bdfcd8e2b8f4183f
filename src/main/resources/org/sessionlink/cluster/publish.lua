-- ARGV: k, its name as nodes write it, the epoch of a count that begins, the id of the message, its bytes, and the
-- bounds: count, size, age (ms), memory of all; 0 for none. Numbers a message, keeps it and tells all nodes. Returns
-- {its epoch, its number}.
local k, id, content = ARGV[1], ARGV[4], ARGV[5]
local count, size, age, memory = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local at = head(k, ARGV[3])
local bytes = taken(k)
local previous = at.id
at.last = at.last + 1
at.id = id
local stream = ns .. 'keep:' .. k
local entry = {number(at.last) .. '-0', 'i', id, 'p', previous, 't', now(), 'm', content}
if type(redis.pcall('XADD', stream, unpack(entry))) == 'table' then
  -- It is none of this count's, whoever has put it there.
  redis.call('DEL', stream)
  bytes = 0
  redis.call('XADD', stream, unpack(entry))
end
redis.call('HSET', ns .. 'kept:' .. k, 'last', number(at.last), 'id', id)
bytes = trim(k, count, size, age, bytes + BESIDE_EACH + #content)
if age > 0 then
  redis.call('PEXPIRE', stream, age)
end
weigh(k, BESIDE + bytes)
use(k, age)
due(k)
makeRoom(memory)
tell('message', ARGV[2], at, previous, content)
return {at.epoch, at.last}
