-- ARGV: k, its name, the epoch of a count that begins; where the copy of a node is: epoch, last, id; where a client is:
-- epoch, last; whether the last message is wanted in any case ('1'), whether all nodes are to be told where the count is
-- ('1'), its bounds: count, size, age (ms), memory of all; how many bytes an answer may have.
-- Returns {epoch, last, id, {number, id, the id before it, age (ms), bytes}...}: what came after both of these places,
-- as far as it is kept, and as much of it as may be, but one message in any case; after that of the client only if all of
-- it is kept.
local k, age = ARGV[1], tonumber(ARGV[13])
local at = headFor(k, ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6])
weigh(k, BESIDE + trim(k, tonumber(ARGV[11]), tonumber(ARGV[12]), age, taken(k)))
use(k, age)
due(k)
makeRoom(tonumber(ARGV[14]))
if ARGV[10] == '1' then
  tell('head', ARGV[2], at, at.id, '')
end
local from = at.last
if ARGV[9] == '1' then
  from = math.max(0, from - 1)
end
-- A client that has missed what is not kept any more gets a gap, and needs nothing read, however often it comes.
local oldest = redis.call('XRANGE', ns .. 'keep:' .. k, '-', '+', 'COUNT', 1)[1]
local first = oldest and tonumber(string.match(oldest[1], '^%d+')) or at.last + 1
for i, place in ipairs({{ARGV[4], ARGV[5]}, {ARGV[7], ARGV[8]}}) do
  local last = tonumber(place[2])
  if place[1] == at.epoch and (i == 1 or last + 1 >= first) then
    from = math.min(from, last)
  end
end
local answer = {at.epoch, at.last, at.id}
local left = tonumber(ARGV[15])
local some
repeat
  some = redis.call('XRANGE', ns .. 'keep:' .. k, number(from + 1), number(at.last), 'COUNT', 8)
  for _, entry in ipairs(some) do
    local content, since = field(entry, 'm'), tonumber(field(entry, 't'))
    if left > 0 then
      from = tonumber(string.match(entry[1], '^%d+'))
      if since then
        answer[#answer + 1] = {from, field(entry, 'i'), field(entry, 'p'), math.max(0, now() - since), content}
        left = left - BESIDE_EACH - #content
      end
    end
  end
until left <= 0 or #some < 8
return answer
