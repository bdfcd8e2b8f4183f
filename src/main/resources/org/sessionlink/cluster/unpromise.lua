-- ARGV: hash, the hash of a user's name, the node. The place that was promised is free again.
redis.call('ZREM', ns .. 'promised:' .. ARGV[2], ARGV[1])
redis.call('SREM', ns .. 'promises:' .. ARGV[3], ARGV[2] .. ' ' .. ARGV[1])
return {'free'}
