-- ARGV: the epoch of counts that begin, then of each: k, its name, its age (ms), and where the copy of a node is: epoch,
-- last, id. Returns of each where it is: {epoch, last, id}.
local answer = {}
for i = 2, #ARGV, 6 do
  local k, age = ARGV[i], tonumber(ARGV[i + 2])
  local at = headFor(k, ARGV[i + 1], ARGV[1], ARGV[i + 3], tonumber(ARGV[i + 4]), ARGV[i + 5])
  use(k, age)
  due(k)
  answer[#answer + 1] = {at.epoch, at.last, at.id}
end
return answer
