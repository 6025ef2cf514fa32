-- Corrects what was taken: a refund goes back, an extra is taken even below zero.
-- KEYS: the tenant's levels; the key's share when it has one
-- ARGV: burst, refill per minute, daily quota, the key's daily share, units (below zero to give back), UTC day of the call,
--   the instant after which the ledger has counted the call (0 for never), the units that are still right then
-- Returns 1 first when it was later than that instant
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local today = math.floor(now / 86400000000)
local burst, refill = tonumber(ARGV[1]), tonumber(ARGV[2])
local units, charged = tonumber(ARGV[5]), tonumber(ARGV[6])
local deadline = tonumber(ARGV[7])
local late = deadline > 0 and now > deadline
local counted = late and tonumber(ARGV[8]) or units

local used, quota, day = 0, 0, today
local state = redis.call('GET', KEYS[1])
if state then
  local stamp
  used, stamp, quota, day = struct.unpack('<dddd', state)
  if now > stamp then
    used = math.max(0, used - (now - stamp) * refill)
  end
  if day ~= today and day ~= today + 1 then
    quota, day = 0, today
  end
end
used = math.max(0, used + units * 60000000)
if charged == day then
  quota = math.max(0, quota + counted)
end
redis.call('SET', KEYS[1], struct.pack('<dddd', used, now, quota, day), 'EX',
  172800 + math.min(31536000, math.ceil(math.max(burst, used / 60000000) * 60 / refill)))

local share = 0
if KEYS[2] then
  local shareState = redis.call('GET', KEYS[2])
  local shareDay = day
  if shareState then
    share, shareDay = struct.unpack('<dd', shareState)
    if shareDay ~= day then share = 0 end
  end
  if charged == day then
    share = math.max(0, share + counted)
    redis.call('SET', KEYS[2], struct.pack('<dd', share, day), 'EX', 172800)
  end
end
return {late and 1 or 0, now, used, quota, share}
