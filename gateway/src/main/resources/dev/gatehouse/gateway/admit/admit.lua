-- Decides on one call: all or nothing. AdmissionRule explains the arithmetic.
-- KEYS: the tenant's levels; the key's share when it has one
-- ARGV: burst, refill per minute, daily quota, the key's daily share, cost
-- Returns the verdict (0 admitted, 1 quota, 2 key's share, 3 bucket), the instant, and what is used after it.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local today = math.floor(now / 86400000000)
local burst, refill, daily = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local cost = tonumber(ARGV[5])

local used, quota, day = 0, 0, today
local state = redis.call('GET', KEYS[1])
if state then
  local stamp
  used, stamp, quota, day = struct.unpack('<dddd', state)
  if now > stamp then
    used = math.max(0, used - (now - stamp) * refill)
  elseif now < stamp then
    -- the clock has stepped back: what was used counts from now, or nothing would flow back until it has caught up
    redis.call('SET', KEYS[1], struct.pack('<dddd', used, now, quota, day), 'KEEPTTL')
  end
  if day ~= today and day ~= today + 1 then
    quota, day = 0, today
  end
end

local share, shareDay = 0, day
local shareState = KEYS[2] and redis.call('GET', KEYS[2])
if shareState then
  share, shareDay = struct.unpack('<dd', shareState)
  if shareDay ~= day then share = 0 end
end

if cost > 0 then
  if quota + cost > daily then return {1, now, used, quota, share} end
  if KEYS[2] and share + cost > tonumber(ARGV[4]) then return {2, now, used, quota, share} end
  if used + cost * 60000000 > burst * 60000000 then return {3, now, used, quota, share} end
  used = used + cost * 60000000
  quota = quota + cost
  local packed = struct.pack('<dddd', used, now, quota, day)
  if state and quota > cost then
    redis.call('SET', KEYS[1], packed, 'KEEPTTL')
  else
    redis.call('SET', KEYS[1], packed, 'EX', 172800 + math.min(31536000, math.ceil(burst * 60 / refill)))
  end
  if KEYS[2] then
    share = share + cost
    redis.call('SET', KEYS[2], struct.pack('<dd', share, day), 'EX', 172800)
  end
end
return {0, now, used, quota, share}
