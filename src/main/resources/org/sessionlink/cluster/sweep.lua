-- ARGV: where to go on, '0' to begin. Forgets links whose records are gone; returns where to go on, or '0'. Of all
-- nodes one begins each minute.
if ARGV[1] == '0' and not redis.call('SET', ns .. 'sweep', '1', 'NX', 'EX', 55) then
  return {'0'}
end
local found = redis.call('ZSCAN', ns .. 'links', ARGV[1], 'COUNT', 500)
for i = 1, #found[2], 2 do
  if redis.call('EXISTS', ns .. 'link:' .. found[2][i]) == 0 then
    redis.call('ZREM', ns .. 'links', found[2][i])
  end
end
return {found[1]}
