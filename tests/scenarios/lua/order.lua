-- tags: language
-- pairs and next go over numbers in order, then strings sorted, however the table came about.

local function keys(t)
  local list = {}
  for k in pairs(t) do list[#list + 1] = tostring(k) end
  return table.concat(list, " ")
end

expect.equal(keys { b = 1, a = 2, [3] = 0, [1] = 0, [2.5] = 0, [-1] = 0 }, "-1 1 2.5 3 a b")
expect.equal(keys {}, "")
expect.equal(keys { [2 ^ 53] = 1, [math.maxinteger] = 1, [math.huge] = 1, [-math.huge] = 1,
                    [math.mininteger] = 1 },
  "-inf -9223372036854775808 9007199254740992 9223372036854775807 inf")
expect.equal(keys { ["a\0b"] = 1, ["a"] = 1, ["a\0a"] = 1, [""] = 1 }, " a a\0a a\0b")

-- Numbers beyond the integers lie where they belong.
expect.equal(keys { [1e300] = 1, [-1e300] = 1, [5] = 1, [5.5] = 1, [4.5] = 1 },
  "-1e+300 4.5 5 5.5 1e+300")

-- Many keys, put in and taken out in a strange order.
local t, n = {}, 0
for i = 1, 1000 do t["k" .. (i * 7919) % 1000] = i end
local last = ""
for k in pairs(t) do
  expect(last < k, "sorted")
  last, n = k, n + 1
end
expect.equal(n, 1000)

-- A key that is removed meanwhile is passed over; values are those of the moment.
local seen = {}
local u = { a = 1, b = 2, c = 3, d = 4 }
for k, v in pairs(u) do
  seen[#seen + 1] = k .. v
  u.c = nil
  if u.d then u.d = 40 end
end
expect.equal(table.concat(seen, " "), "a1 b2 d40")

-- All can be removed on the way, and existing ones assigned.
local w = {}
for i = 1, 100 do w[i], w["s" .. i] = i, i end
for k in pairs(w) do w[k] = nil end
expect.equal(next(w), nil)

-- next: first, following, after a removed key, end.
local x = { 10, 20, b = 1, a = 2 }
expect.equal(next(x), 1)
expect.equal(next(x, 1), 2)
expect.equal(next(x, 2), "a")
x.a = nil
expect.equal(next(x, "a"), "b")
expect.equal(next(x, "b"), nil)
local got = {}
for k in next, { 3, 2, 1, z = 0, y = 0 } do got[#got + 1] = k end
expect.equal(table.concat(got, " "), "1 2 3 y z")

-- Nested loops over one table do not disturb each other.
local pairs_seen, v = 0, { p = 1, q = 2, r = 3 }
for a in pairs(v) do for b in next, v do pairs_seen = pairs_seen + 1 end end
expect.equal(pairs_seen, 9)
for a in next, v do for b in next, v do pairs_seen = pairs_seen + 1 end end
expect.equal(pairs_seen, 18)

-- __pairs is honoured.
local m = setmetatable({}, { __pairs = function() return function(_, k) return not k and 1 or nil end end })
local count = 0
for _ in pairs(m) do count = count + 1 end
expect.equal(count, 1)

-- ipairs is Lua's own.
local sum = 0
for _, v in ipairs { 1, 2, 3, nil, 5 } do sum = sum + v end
expect.equal(sum, 6)
