-- Raises counters of a tenant's day to at least what the ledger holds.
-- KEYS: the day's hash of counters
-- ARGV: seconds to keep it, then field and value by turns
-- Returns the number of fields that were raised
local raised = 0
for i = 2, #ARGV, 2 do
  local now = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '0')
  if now < tonumber(ARGV[i + 1]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
    raised = raised + 1
  end
end
if raised > 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return raised
