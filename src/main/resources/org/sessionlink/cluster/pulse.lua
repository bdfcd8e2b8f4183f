-- ARGV: a node, its name. What cannot be written cannot be kept. Returns {the names of nodes that this has taken for
-- dead, {node, name}...}: one node cleans up after each.
redis.call('ZADD', ns .. 'nodes', now(), ARGV[1])
redis.call('HSET', ns .. 'names', ARGV[1], ARGV[2])
local dead = {}
for i, node in ipairs(redis.call('ZRANGEBYSCORE', ns .. 'nodes', '-inf', now() - SILENCE)) do
  dead[i] = redis.call('HGET', ns .. 'names', node) or node
  gone(node)
end
for _, key in ipairs({'nodes', 'names'}) do
  redis.call('PEXPIRE', ns .. key, 4 * SILENCE)
end
local answer = {dead}
for _, node in ipairs(redis.call('ZRANGE', ns .. 'nodes', 0, -1)) do
  answer[#answer + 1] = {node, redis.call('HGET', ns .. 'names', node) or node}
end
return answer
