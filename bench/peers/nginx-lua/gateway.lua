-- The gateway's work in nginx's Lua: key check, admission by the same Redis script, the same rate headers.
local ffi = require "ffi"
local redis = require "nginx.redis"
redis.add_commands("evalsha", "script")

ffi.cdef [[ unsigned char *SHA256(const unsigned char *d, size_t n, unsigned char *md); ]]
local digest = ffi.new("unsigned char[32]")

local M = {}
local tenants, script, port, sha = {}, nil, nil, nil

local function sha256(text)
  ffi.C.SHA256(text, #text, digest)
  return ffi.string(digest, 32)
end

function M.init(keys, file, redis_port)
  port = redis_port
  for line in io.lines(keys) do
    local key, tenant = line:match("^(%S+)\t(%S+)$")
    tenants[sha256(key)] = {
      slug = tenant, levels = "lua:{" .. tenant .. "}:levels",
      burst = 100000000, refill = 100000000, daily = 1000000000
    }
  end
  local f = assert(io.open(file))
  script = f:read("*a")
  f:close()
end

local function refuse(status, code)
  ngx.status = status
  ngx.header["Content-Type"] = "application/problem+json"
  ngx.say('{"status":', status, ',"code":"', code, '"}')
  return ngx.exit(status)
end

function M.access()
  ngx.ctx.started = ngx.now()
  local key = ngx.var.http_x_api_key
  local tenant = key and tenants[sha256(key)]
  if not tenant then return refuse(401, "key_unknown") end
  local connection = redis:new()
  connection:set_timeout(50)
  if not connection:connect("127.0.0.1", port) then return refuse(503, "unavailable") end
  if not sha then sha = connection:script("LOAD", script) end
  local levels = connection:evalsha(sha, 1, tenant.levels, tenant.burst, tenant.refill, tenant.daily, 0, 1)
  connection:set_keepalive(60000, 256)
  if not levels then return refuse(503, "unavailable") end
  if levels[1] ~= 0 then return refuse(429, "rate_limited") end
  ngx.ctx.tenant, ngx.ctx.levels = tenant, levels
end

function M.headers()
  local tenant, levels = ngx.ctx.tenant, ngx.ctx.levels
  if not tenant then return end
  local header = ngx.header
  local remaining = tenant.daily - levels[4]
  local burst = math.floor(tenant.burst - levels[3] / 60000000)
  header["X-Request-ID"] = ngx.var.request_id
  header["X-Response-Time"] = math.floor((ngx.now() - ngx.ctx.started) * 1000) .. "ms"
  header["X-RateLimit-Tenant"] = tenant.slug
  header["X-RateLimit-Plan"] = "bench"
  header["X-RateLimit-Limit"] = tenant.daily
  header["X-RateLimit-Remaining"] = remaining
  header["X-RateLimit-Reset"] = (math.floor(levels[2] / 86400000000) + 1) * 86400
  header["X-RateLimit-BurstRemaining"] = burst
  header["RateLimit"] = '"burst";r=' .. burst .. ';t=0, "daily";r=' .. remaining .. ';t=3600'
  header["RateLimit-Policy"] = '"burst";q=' .. tenant.burst .. ';w=60, "daily";q=' .. tenant.daily .. ';w=86400'
end

return M
