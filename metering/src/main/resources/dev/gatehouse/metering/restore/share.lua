-- Raises what a key used of its daily share to at least what the ledger holds: two little-endian doubles, units, UTC day.
-- KEYS: the key's share
-- ARGV: UTC day, units
-- Returns 1 when it was raised
local day, units = tonumber(ARGV[1]), tonumber(ARGV[2])
local state = redis.call('GET', KEYS[1])
if state then
  local used, of = struct.unpack('<dd', state)
  if of > day or (of == day and used >= units) then return 0 end
end
redis.call('SET', KEYS[1], struct.pack('<dd', units, day), 'EX', 172800)
return 1
