-- ARGV: cause, hashes. Ends links, and returns the hashes of those that this has ended.
local ended = {}
for i = 2, #ARGV do
  if look(ARGV[i], false)[1] == 'open' then
    finish(ARGV[i], ARGV[1])
    ended[#ended + 1] = ARGV[i]
  end
end
return ended
