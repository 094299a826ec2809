-- Requests lists of events with other filters each time: some 300 days times 80 ends times 8 filters.
local filters = { "", "&category=music", "&category=sport", "&audience=families", "&municipality=elverum",
  "&ongoing=omit", "&parts=omit", "&cancelled=omit" }
local start = os.time()

function init(arguments)
  math.randomseed(tonumber(arguments[1]) or 1)
end

local function day(ahead)
  return os.date("%Y-%m-%d", start + ahead * 86400)
end

function request()
  local from = math.random(300)
  local path = "/api/v1/events?limit=50&from=" .. day(from) .. "&to=" .. day(from + 20 + math.random(80))
    .. filters[math.random(#filters)]
  return wrk.format("GET", path)
end
