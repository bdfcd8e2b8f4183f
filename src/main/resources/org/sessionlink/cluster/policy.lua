-- Returns the policy by which Redis throws away what it has no room for; nothing where it has room for all, throws
-- nothing away, or lets nobody ask.
local info = redis.pcall('INFO', 'memory')
if type(info) ~= 'string' then
  return {}
end
local most, policy = string.match(info, 'maxmemory:(%d+)'), string.match(info, 'maxmemory_policy:(%S+)')
if not policy or policy == 'noeviction' or tonumber(most or '0') == 0 then
  return {}
end
return {policy}
