-- ARGV: hash, cause. Returns why it has ended.
return {finish(ARGV[1], ARGV[2])}
