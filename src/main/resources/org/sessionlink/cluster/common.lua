-- What all scripts share. KEYS[1] is what all keys of an application begin with.
--
--   id:<session id>   the hash of its link
--   link:<hash>       the record: id, timeout, used, created (ms; 0 is no timeout), version,
--                     user, and the attributes of the session, each behind an @, and how many bytes they are
--   end:<hash>        why the link has ended, for an hour
--   links             the hashes of all links
--   user:<hash>       the links of a user, in the order of their logins
--   promised:<hash>   the links whose logins were promised a place, until when; promises:<node> by whom
--   nodes, names      when each node was heard of last, and what it is called
--   news              what all nodes are told; ask and answer:<node> for their questions, presence and
--                     presence:<node> for who is there
--
-- All times are Redis's own; nodes give and get ages.
local ns = KEYS[1]
local TOMBSTONE = 3600
local MARGIN = 60000
local PROMISE = 60000
local SILENCE = 15000

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Keeps what lists links at least as long as one of them.
local function keep(key, timeout, isNew)
  local left = redis.call('PTTL', key)
  if timeout == 0 then
    redis.call('PERSIST', key)
  elseif isNew or (left >= 0 and left < timeout + MARGIN) then
    redis.call('PEXPIRE', key, timeout + MARGIN)
  end
end

local function expire(hash, id, timeout)
  local owner = redis.call('HGET', ns .. 'link:' .. hash, 'owner')
  if owner then
    keep(ns .. 'user:' .. owner, timeout, false)
  end
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
  local known = redis.pcall('HMGET', key, 'id', 'owner')
  redis.call('ZREM', ns .. 'links', hash)
  redis.call('DEL', key)
  if known[2] then
    redis.call('ZREM', ns .. 'user:' .. known[2], hash)
  end
  if known[1] then
    redis.call('DEL', ns .. 'id:' .. known[1])
  end
  if first then
    redis.call('PUBLISH', ns .. 'news', 'ended ' .. hash .. ' ' .. cause)
    return cause
  end
  return redis.call('GET', ns .. 'end:' .. hash)
end

-- How a link is: {'open', idle, timeout, version}, {'ended', cause} or {'lost'}, as one whose record is none.
local function look(hash, judge)
  local cause = redis.call('GET', ns .. 'end:' .. hash)
  if cause then
    return {'ended', cause}
  end
  local record = redis.pcall('HMGET', ns .. 'link:' .. hash, 'used', 'timeout', 'version')
  local used, timeout, version = tonumber(record[1] or ''), tonumber(record[2] or ''), tonumber(record[3] or '')
  if not (used and timeout and version) then
    return {'lost'}
  end
  local idle = math.max(0, now() - used)
  if judge and timeout > 0 and idle >= timeout then
    return {'ended', finish(hash, 'session-expired')}
  end
  return {'open', idle, timeout, version}
end

-- How much an attribute takes in a record, which may not have it.
local function size(key, field)
  local bytes = redis.call('HSTRLEN', key, field)
  return (bytes > 0) and (bytes + #field) or 0
end

-- How much all attributes of a record take. They are counted anew where nobody has, and where that is more than may be:
-- another version may have written meanwhile, which does not count.
local function weigh(key, most)
  local bytes = tonumber(redis.call('HGET', key, 'bytes') or '')
  if not bytes or bytes > most then
    bytes = 0
    for _, field in ipairs(redis.call('HKEYS', key)) do
      if string.sub(field, 1, 1) == '@' then
        bytes = bytes + size(key, field)
      end
    end
    redis.pcall('HSET', key, 'bytes', bytes)
  end
  return bytes
end

-- Takes out what is over of the links of a user, and returns how many are left.
local function tidy(owner, judge)
  local places = ns .. 'user:' .. owner
  for _, hash in ipairs(redis.call('ZRANGE', places, 0, -1)) do
    if look(hash, judge)[1] ~= 'open' then
      redis.call('ZREM', places, hash)
    end
  end
  return redis.call('ZCARD', places)
end

-- Cleans up after a node.
local function gone(node)
  redis.call('ZREM', ns .. 'nodes', node)
  redis.call('HDEL', ns .. 'names', node)
  for _, promise in ipairs(redis.call('SMEMBERS', ns .. 'promises:' .. node)) do
    local owner, hash = string.match(promise, '^(%S+) (%S+)$')
    redis.call('ZREM', ns .. 'promised:' .. owner, hash)
  end
  redis.call('DEL', ns .. 'promises:' .. node)
end
