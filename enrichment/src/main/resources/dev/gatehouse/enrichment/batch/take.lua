-- Takes what rows of a job cost from the daily quota, even below zero; the burst bucket is left alone.
-- The layouts are those of the gateways' admission: four little-endian doubles, used ticks, microseconds, used units, UTC day;
-- and two, used units, UTC day.
-- KEYS: the tenant's levels; what the key used of its share
-- ARGV: UTC day of the rows, units
-- Returns what of the quota is used
local day, units = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local today = math.floor(now / 86400000000)
local state = redis.call('GET', KEYS[1])
local quota = 0
if state then
  local used, stamp, of
  used, stamp, quota, of = struct.unpack('<dddd', state)
  if of < day and day == today then quota, of = 0, day end
  if of == day then
    quota = quota + units
    redis.call('SET', KEYS[1], struct.pack('<dddd', used, stamp, quota, of), 'KEEPTTL')
  end
elseif day == today then
  quota = units
  redis.call('SET', KEYS[1], struct.pack('<dddd', 0, now, quota, day), 'EX', 172800)
end
local share = redis.call('GET', KEYS[2])
if share then
  local used, of = struct.unpack('<dd', share)
  if of < day and day == today then used, of = 0, day end
  if of == day then redis.call('SET', KEYS[2], struct.pack('<dd', used + units, of), 'EX', 172800) end
end
return quota
