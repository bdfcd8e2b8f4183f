-- ARGV: whether to judge ('1'), hashes. Returns the state of each.
local states = {}
for i = 2, #ARGV do
  states[i - 1] = look(ARGV[i], ARGV[1] == '1')
end
return states
