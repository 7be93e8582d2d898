-- tags: language
-- What is left of Lua gives the same in each run.

local function fails(text, fn, ...)
  local ok, message = pcall(fn, ...)
  expect(not ok and tostring(message):find(text, 1, true),
    "wanted the error: " .. text .. "; got: " .. tostring(message))
end

-- Globals.
fails("unknown global `wef`; did you mean `weft`?", function() return wef end)
fails("unknown global `colour`; declare it: local colour", function() colour = 1 end)
fails("unknown global `helper`; declare it: local function helper",
  function() function helper() end end)
fails("`expect` belongs to the language and cannot be set", function() expect = nil end)
fails("unknown global `nonsense`", function() return _G.nonsense end)
expect.equal(_G.weft, weft)

-- Libraries.
for _, word in ipairs { "time", "clock", "exit", "getenv", "date", "remove" } do
  fails("os." .. word .. " is not available", function() return os[word] end)
end
fails("io.open is not available", function() io.open("x") end)
fails("debug.getinfo is not available", function() debug.getinfo(1) end)
fails("package.path is not available", function() return package.path end)
fails("loadfile is not available", function() loadfile("x") end)
fails("math: unknown field `flor`; did you mean `floor`?", function() return math.flor(1) end)
fails("string: unknown field", function() return ("x"):uper() end)
fails("math.pie cannot be set", function() math.pie = 3 end)
fails("math.randomseed is not available", math.randomseed, 7)
fails("string: unknown field `dump`", function() return string.dump end)

-- No addresses.
expect.equal(tostring({}), "table")
expect.equal(tostring(print), "function")
expect.equal(tostring(function() end), "function")
expect.equal(tostring(coroutine.create(print)), "thread")
expect.equal(tostring(setmetatable({}, { __tostring = function() return "mine" end })), "mine")
expect.equal(tostring(setmetatable({}, { __name = "Kind" })), "Kind")
expect.equal(string.format("%s %5s|%-6s|%d%%", {}, print, "x", 5), "table function|x     |5%")
expect.equal(("%s"):format(weft.network()), "network")
fails("%p is not available", string.format, "%p", {})

-- The garbage collector is not seen.
expect.equal(collectgarbage("count"), 0)
expect.equal(collectgarbage(), 0)
fails("__gc is not available", setmetatable, {}, { __gc = function() end })
fails("__mode is not available", setmetatable, {}, { __mode = "k" })
expect.equal(getmetatable(setmetatable({}, { __metatable = "m" })), "m")
expect.equal(getmetatable(weft), "locked")

-- load takes text only, and has the same globals.
expect.equal(load("return 1 + 1")(), 2)
expect.equal(load("return x", "chunk", "t", { x = 5 })(), 5)
fails("unknown global `y`", load("return y"))
expect.equal((load("\27Lua")), nil)

-- table.sort is stable, and takes any order.
local list = {}
for i = 1, 500 do list[i] = { key = (i * 37) % 10, at = i } end
table.sort(list, function(a, b) return a.key < b.key end)
for i = 2, #list do
  local a, b = list[i - 1], list[i]
  expect(a.key < b.key or (a.key == b.key and a.at < b.at), "stable at " .. i)
end
local words = { "pear", "apple", "fig" }
table.sort(words)
expect.equal(table.concat(words, " "), "apple fig pear")
table.sort(words, function(a, b) return a > b end)
expect.equal(table.concat(words, " "), "pear fig apple")
table.sort({}, nil)
fails("attempt to compare", table.sort, { 1, "x" })

-- Coroutines and protected calls work as they do.
local co = coroutine.wrap(function(a)
  local ok, b = pcall(function() return coroutine.yield(a + 1) * 2 end)
  return ok, b
end)
expect.equal(co(1), 2)
local ok, b = co(10)
expect.equal(ok, true)
expect.equal(b, 20)
expect.equal(select(2, xpcall(function() error("e", 0) end, function(m) return m .. "!" end)), "e!")
expect.equal(select("#", pcall(function() return 1, nil, nil end)), 4)
expect.equal(select(2, pcall(error)), nil)
local t = {}
expect.equal(select(2, pcall(error, t)), t)
