-- ARGV: a node, which leaves.
gone(ARGV[1])
return {'gone'}
