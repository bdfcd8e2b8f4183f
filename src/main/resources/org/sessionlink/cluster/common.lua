-- What all scripts share. KEYS[1] is what all keys of an application begin with.
--
--   id:<session id>   the hash of its link
--   link:<hash>       the record: id, timeout, used, created (ms; 0 is no timeout), version,
--                     user, and the attributes of the session, each behind an @
--   end:<hash>        why the link has ended, for an hour
--   news              what all nodes are told
--
-- All times are Redis's own; nodes give and get ages.
local ns = KEYS[1]
local TOMBSTONE = 3600
local MARGIN = 60000

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function expire(hash, id, timeout)
  for _, key in ipairs({ns .. 'link:' .. hash, ns .. 'id:' .. id}) do
    if timeout > 0 then
      redis.call('PEXPIRE', key, timeout + MARGIN)
    else
      redis.call('PERSIST', key)
    end
  end
end

-- Ends a link, if nobody has, and returns why it has ended.
local function finish(hash, cause)
  local key = ns .. 'link:' .. hash
  local first = redis.call('SET', ns .. 'end:' .. hash, cause, 'NX', 'EX', TOMBSTONE)
  local known = redis.call('HMGET', key, 'id', 'user')
  if known[1] then
    redis.call('DEL', ns .. 'id:' .. known[1], key)
  end
  if first then
    redis.call('PUBLISH', ns .. 'news', 'ended ' .. hash .. ' ' .. cause)
    return cause
  end
  return redis.call('GET', ns .. 'end:' .. hash)
end

-- How a link is: {'open', idle, timeout, version}, {'ended', cause} or {'lost'}.
local function look(hash, judge)
  local cause = redis.call('GET', ns .. 'end:' .. hash)
  if cause then
    return {'ended', cause}
  end
  local record = redis.call('HMGET', ns .. 'link:' .. hash, 'used', 'timeout', 'version')
  if not record[1] then
    return {'lost'}
  end
  local idle = math.max(0, now() - record[1])
  local timeout = tonumber(record[2])
  if judge and timeout > 0 and idle >= timeout then
    return {'ended', finish(hash, 'session-expired')}
  end
  return {'open', idle, timeout, tonumber(record[3])}
end
