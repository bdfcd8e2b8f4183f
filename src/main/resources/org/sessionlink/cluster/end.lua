-- ARGV: hashes, each with the cause. Ends links, if nobody has.
for i = 1, #ARGV, 2 do
  finish(ARGV[i], ARGV[i + 1])
end
return {'ended'}
