-- What the scripts share that keep messages. k is the hash of a destination, and of the user it is of alone.
--
--   kept:<k>        its count: epoch, last (the number of the last message, 0 before the first) and id (that message's)
--   keep:<k>        its messages, a stream whose ids are their numbers: i (id), p (the id of the one before it), t (when, ms)
--                   and m (its bytes)
--   history:used    all k, by when each was used last; history:until by when something of it expires
--   history:bytes   what each takes, and history:total all of them
--   kept            the channel on which all nodes hear each message, and where a count is
--
-- Each message names the one before it: where two counts have the same number, as a replica that has taken over may
-- have missed the last of the master's, the chain shows it. A count is never taken up again that was shown to go back.
local BESIDE = 1024
local BESIDE_EACH = 96
local DUE = 10
local ROOM = 1000

local function number(value)
  return string.format('%.0f', value)
end

local function field(entry, name)
  local fields = entry[2]
  for i = 1, #fields, 2 do
    if fields[i] == name then
      return fields[i + 1]
    end
  end
  return ''
end

-- Takes note of what one takes now; bytes is 0 where it is gone.
local function weigh(k, bytes)
  local before = tonumber(redis.call('HGET', ns .. 'history:bytes', k) or '0')
  if bytes > 0 then
    redis.call('HSET', ns .. 'history:bytes', k, bytes)
  else
    redis.call('HDEL', ns .. 'history:bytes', k)
    redis.call('ZREM', ns .. 'history:used', k)
    redis.call('ZREM', ns .. 'history:until', k)
  end
  if redis.call('INCRBY', ns .. 'history:total', bytes - before) <= 0 then
    redis.call('DEL', ns .. 'history:total')
  end
end

local function forget(k)
  redis.call('DEL', ns .. 'kept:' .. k, ns .. 'keep:' .. k)
  weigh(k, 0)
end

-- Says that one is in use, and how long its count lives from now on; age 0 is for ever.
local function use(k, age)
  redis.call('ZADD', ns .. 'history:used', now(), k)
  if age > 0 then
    redis.call('PEXPIRE', ns .. 'kept:' .. k, 10 * age)
  else
    redis.call('PERSIST', ns .. 'kept:' .. k)
  end
end

-- Where a count is; begins one where there is none.
local function head(k, epoch)
  local key = ns .. 'kept:' .. k
  local known = redis.call('HMGET', key, 'epoch', 'last', 'id')
  local last = tonumber(known[2] or '')
  if known[1] and last and string.match(known[3] or '', '^%-?%d+$') then
    return {epoch = known[1], last = last, id = known[3]}
  end
  redis.call('DEL', key, ns .. 'keep:' .. k)
  redis.call('HSET', key, 'epoch', epoch, 'last', 0, 'id', '0')
  weigh(k, BESIDE)
  return {epoch = epoch, last = 0, id = '0'}
end

-- Tells all nodes of a message, or, with 'head', of where a count is.
local function tell(kind, name, at, previous, content)
  local line = table.concat({kind, at.epoch, number(at.last), at.id, previous, #name}, ' ')
  redis.call('PUBLISH', ns .. 'kept', line .. '\n' .. name .. content)
end

-- Whether a node has seen what is not there any more, or is another now.
local function isBehind(k, at, last, id)
  if at.last <= last then
    return at.last < last or at.id ~= id
  end
  local following = redis.call('XRANGE', ns .. 'keep:' .. k, number(last + 1), number(last + 1))
  return following[1] ~= nil and field(following[1], 'p') ~= id
end

-- Where a count is, which is another one from now on if a node has seen more of it than there is.
local function headFor(k, name, epoch, knownEpoch, last, id)
  local at = head(k, epoch)
  if at.epoch == knownEpoch and isBehind(k, at, last, id) then
    at.epoch = epoch
    redis.call('HSET', ns .. 'kept:' .. k, 'epoch', epoch)
    tell('head', name, at, at.id, '')
  end
  return at
end

-- Forgets the oldest messages until all bounds hold; bytes are what the stream takes. Returns what it takes then.
local function trim(k, count, size, age, bytes)
  local stream = ns .. 'keep:' .. k
  local kept = redis.call('XLEN', stream)
  while kept > 0 do
    local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
    local since = tonumber(field(oldest, 't'))
    local over = not since or (count > 0 and kept > count) or (size > 0 and bytes > size)
      or (age > 0 and now() - since >= age)
    if not over then
      return math.max(0, bytes)
    end
    redis.call('XDEL', stream, oldest[1])
    bytes = bytes - BESIDE_EACH - #field(oldest, 'm')
    kept = kept - 1
  end
  redis.call('DEL', stream)
  return 0
end

-- What the messages of one take. A stream that has expired takes nothing.
local function taken(k)
  if redis.call('EXISTS', ns .. 'keep:' .. k) == 0 then
    return 0
  end
  return math.max(0, tonumber(redis.call('HGET', ns .. 'history:bytes', k) or '0') - BESIDE)
end

-- Says when something of one expires next.
local function due(k)
  local left = redis.call('PTTL', ns .. 'keep:' .. k)
  if left < 0 then
    left = redis.call('PTTL', ns .. 'kept:' .. k)
  end
  if left >= 0 then
    redis.call('ZADD', ns .. 'history:until', now() + left + 1, k)
  else
    redis.call('ZREM', ns .. 'history:until', k)
  end
end

-- Takes note of some of what has expired.
local function tidyHistory()
  for _, k in ipairs(redis.call('ZRANGEBYSCORE', ns .. 'history:until', '-inf', now(), 'LIMIT', 0, DUE)) do
    if redis.call('EXISTS', ns .. 'kept:' .. k) == 0 then
      forget(k)
    else
      weigh(k, BESIDE + taken(k))
      due(k)
    end
  end
end

-- Makes room: whatever was not used for the longest time gives way, first its messages, then its count.
local function makeRoom(memory)
  tidyHistory()
  if memory == 0 then
    return
  end
  for _ = 1, ROOM do
    local total = tonumber(redis.call('GET', ns .. 'history:total') or '0')
    local oldest = redis.call('ZRANGE', ns .. 'history:used', 0, 0)[1]
    if total <= memory or not oldest then
      return
    end
    if redis.call('DEL', ns .. 'keep:' .. oldest) == 1 then
      weigh(oldest, BESIDE)
      due(oldest)
    else
      forget(oldest)
    end
  end
end
