-- tags: language
-- Random numbers: streams by purpose, the distributions' moments, math.random.

local function mean(n, draw)
  local sum = 0
  for _ = 1, n do sum = sum + draw() end
  return sum / n
end

local r = weft.random("moments")
expect.near(mean(20000, function() return r:uniform() end), 0.5, "2%")
expect.near(mean(20000, function() return r:uniform(10, 20) end), 15, "1%")
expect.near(mean(20000, function() return r:exponential("20ms") end), "20ms", "3%")
expect.near(mean(20000, function() return r:pareto(100, 3) end), 100, "5%")
expect.near(mean(20000, function() return r:normal(5, 2) end), 5, "2%")

-- Streams are apart, and go on when they are asked for again.
local a, b = weft.random("a"), weft.random("b")
local first = a:uniform()
expect(first ~= b:uniform(), "two purposes, two streams")
expect.equal(weft.random("a"), a)

-- choice and shuffle.
local seen = {}
for _ = 1, 200 do seen[r:choice { "x", "y", "z" }] = true end
expect(seen.x and seen.y and seen.z, "each is drawn")
local deck = {}
for i = 1, 52 do deck[i] = i end
expect.equal(r:shuffle(deck), deck)
local sum, moved = 0, 0
for i, card in ipairs(deck) do
  sum = sum + card
  if card ~= i then moved = moved + 1 end
end
expect.equal(sum, 52 * 53 // 2)
expect(moved > 40, "it is shuffled")

-- math.random.
for _ = 1, 100 do
  local x, y, z = math.random(), math.random(6), math.random(-3, 3)
  expect(x >= 0 and x < 1 and y >= 1 and y <= 6 and z >= -3 and z <= 3)
  expect.equal(math.type(y), "integer")
end
math.random(math.mininteger, math.maxinteger)
expect(not pcall(math.random, 0) and not pcall(math.random, 5, 1), "empty intervals")
