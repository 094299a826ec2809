-- Requests pages of the change log from random positions, which a file lists.
local positions = {}

function init(arguments)
  for line in io.lines(arguments[1]) do
    positions[#positions + 1] = line
  end
end

function request()
  return wrk.format("GET", "/api/v1/changes?limit=200&since=" .. positions[math.random(#positions)])
end
