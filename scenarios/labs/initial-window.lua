-- How much does it help to begin with ten packets instead of three?
--
-- A new connection may send an initial window of packets before the first ACK; in slow start each round trip
-- doubles that.  So a page of n packets needs r flights, r being the least number with
--     IW * (2^r - 1) >= n,
-- and is complete r + 1/2 round trips after the SYN: one for the handshake, one from each flight to the next,
-- and a half for the last one to arrive.  Ten packets (RFC 6928) in place of three (RFC 3390) make one or two
-- flights less, as log2(10 / 3) = 1.7.
--
-- Look at
--   pages.png      completion over size: the stairs of the formula, and the points that were measured
--   ten.pcap, three.pcap   the largest page: flights of 10, 20, 40, 50 packets, or 3, 6, 12, 24, 48, 27
--
-- tags: lab tcp slow-start initial-window
-- needs: tcp
local rtt, mss = 100e-3, 1448
local sizes = { 1, 2, 3, 4, 7, 9, 10, 11, 16, 21, 22, 30, 31, 45, 46, 69, 70, 71, 90, 93, 94, 120 } -- packets
local windows = { three = 3, ten = 10 }

local function rounds(iw, n)
  local r = 1
  while iw * (2 ^ r - 1) < n do r = r + 1 end
  return r
end

local measured = {}
for name, iw in pairs(windows) do
  local net = weft.network { name = name }
  local server, client = net:host("server"), net:host("client")
  local link = net:link(server, client, { rate = "1Gbps", delay = rtt / 2, ip = { a = "10.0.0.1/24", b = "10.0.0.2/24" } })
  server:route("10.0.0.0/24", { dev = "eth1", initcwnd = iw }) -- as: ip route change ... initcwnd 3
  server:ping(client, { count = 1 })                           -- ARP is done
  local flows = {}
  for i, n in ipairs(sizes) do
    flows[i] = net:tcp { name = n .. "-packets", from = server, to = client, bytes = n * mss, start = 5 * i }
  end
  link:capture { name = name, between = { 5 * #sizes - 0.1, 5 * #sizes + 5 } }
  net:run { stop_when = "flows done", max = "200s" }
  measured[name] = {}
  for i, f in ipairs(flows) do measured[name][i] = f.fct end
end

local function complete(iw, n) return (rounds(iw, n) + 0.5) * rtt end

local lines = { name = "pages", x_label = "size of the page", x_unit = "packets",
                title = "An initial window of ten saves one or two round trips" }
for name, iw in pairs(windows) do
  local n, stairs = {}, {}
  for i = 1, sizes[#sizes] do
    if complete(iw, i) ~= stairs[#stairs] or i == sizes[#sizes] then n[#n + 1], stairs[#stairs + 1] = i, complete(iw, i) end
  end
  local function line(what, x, y, style)
    lines[#lines + 1] = { name = what .. " " .. iw, x = x, y = y, unit = "s", label = "time from SYN to the last byte",
                          style = style }
  end
  line("formula, window", n, stairs, "steps")
  line("measured, window", sizes, measured[name], "scatter")
end
weft.plot(lines)

for i, n in ipairs(sizes) do
  for name, iw in pairs(windows) do
    -- 10 ms for the packets of a flight, of 12 us each.
    expect.near(measured[name][i], complete(iw, n), "10ms", ("%d packets, initial window %d"):format(n, iw))
  end
  local less = (measured.three[i] - measured.ten[i]) / rtt + 0.5
  if n > 3 then expect.between(less // 1, 1, 2, n .. " packets: round trips saved") end
end
