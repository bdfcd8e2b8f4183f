-- ARGV: hash, address, user agent. From where a session is used.
local key = ns .. 'link:' .. ARGV[1]
if redis.call('EXISTS', key) == 1 then
  redis.call('HSET', key, 'address', ARGV[2], 'agent', ARGV[3])
end
return {'seen'}
