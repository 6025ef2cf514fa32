-- Raises what a tenant used of its daily quota to at least what the ledger holds; the burst bucket is left alone.
-- The layout is that of the gateways' admission: four little-endian doubles, used ticks, microseconds, used units, UTC day.
-- KEYS: the tenant's levels
-- ARGV: UTC day, units
-- Returns 1 when it was raised
local day, units = tonumber(ARGV[1]), tonumber(ARGV[2])
local state = redis.call('GET', KEYS[1])
if state then
  local used, stamp, quota, of = struct.unpack('<dddd', state)
  if of > day or (of == day and quota >= units) then return 0 end
  redis.call('SET', KEYS[1], struct.pack('<dddd', used, stamp, units, day), 'KEEPTTL')
  return 1
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if math.floor(now / 86400000000) ~= day then return 0 end
redis.call('SET', KEYS[1], struct.pack('<dddd', 0, now, units, day), 'EX', 172800)
return 1
