-- ARGV: a node. What cannot be written cannot be kept.
redis.call('SET', ns .. 'pulse:' .. ARGV[1], now(), 'EX', 60)
return {'up'}
