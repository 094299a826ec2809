-- Requests search feeds with random filters, from about a million combinations.
local words = { "konsert", "marked", "kor", "fiske", "jakt", "ski", "barn", "dans", "teater", "foredrag" }
local kinds = { "ics", "rss", "atom", "json", "jsonld", "csv" }

function init(arguments)
  math.randomseed(tonumber(arguments[1]) or 1)
end

function request()
  local from = string.format("2027-%02d-%02d", math.random(12), math.random(28))
  local path = "/feeds/search." .. kinds[math.random(#kinds)]
    .. "?from=" .. from
    .. "&to=" .. string.format("2028-%02d-%02d", math.random(12), math.random(28))
    .. "&q=" .. words[math.random(#words)]
  return wrk.format("GET", path)
end
