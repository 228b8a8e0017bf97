-- For measure.py: predictions for the tickets of a file, and one line of numbers.
local keys = {}

function init(args)
  if args[1] then
    for key in io.lines(args[1]) do keys[#keys + 1] = key end
  end
end

local asked = 0
function request()
  if #keys == 0 then return wrk.format() end
  asked = asked + 1
  local body = '{"ticket_key":"' .. keys[asked % #keys + 1] .. '"}'
  return wrk.format("POST", nil, { ["content-type"] = "application/json" }, body)
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format("%7.0f requests/s  p50 %6.2f  p99 %6.2f ms  %d errors\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
