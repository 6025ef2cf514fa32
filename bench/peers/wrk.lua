-- Each request with the key of the next tenant; the requests are made once.
local requests, count, at = {}, 0, 0

function init(args)
  for line in io.lines(args[1]) do
    local key = line:match("^(%S+)")
    count = count + 1
    requests[count] = wrk.format("GET", "/v2/listings?city=Toledo&limit=50", { ["X-API-Key"] = key, ["Host"] = "127.0.0.1" })
  end
end

function request()
  at = at % count + 1
  return requests[at]
end
