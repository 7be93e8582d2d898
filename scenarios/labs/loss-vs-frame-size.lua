-- Bit errors hit long frames more often than short ones.  Which frame size is the best?
--
-- A link flips each bit with the same small probability, the bit error rate (BER).  A frame arrives only
-- if all its bits do, else the receiver's check sequence (FCS) does not fit and the frame is dropped.
-- So of frames with n bytes a share of 1 - (1 - BER)^(8n) is lost.  Long frames are lost more often, but
-- short ones waste more of the link on headers: somewhere between lies the best size.
--
-- Look at
--   loss.png        the measured shares (dots) and the formula (line)
--   efficiency.png  what is left for data; the best of these sizes is 512
--   b-eth1.pcap     what arrives at the receiver: gaps in a stream's ip.id are the lost frames
--
-- tags: lab link ber udp
-- needs: udp
local ber, count = 4e-5, 20000
local sizes = { 64, 128, 256, 512, 768, 1024, 1280, 1518 } -- frames with FCS, as RFC 2544 tests them
local overhead = 14 + 4 + 20 + 8                           -- Ethernet, FCS, IP, UDP
local gap = 20                                             -- preamble and the gap between frames

local net = weft.network()
local a, b = net:host("a"), net:host("b")
local link = net:link(a, b, { rate = "1Gbps", delay = "1ms" })
b:iface(1):capture { filter = "udp", snaplen = 64, between = { "10ms", "30ms" } }
a:ping(b, { name = "ping", count = 1 }) -- ARP is done when the bits begin to flip
net:at("10ms", function() link:set { ber = { ab = ber } } end)
local flows = {}
for i, size in ipairs(sizes) do
  flows[i] = net:udp { name = size .. "B", from = a, to = b, size = size - overhead, count = count,
                       start = 10e-3 + i * 12e-6, rate = (size - overhead) * 8 * 10000 } -- 10,000 a second
end
net:run("3s")

local function lost(size) return 1 - (1 - ber) ^ (8 * size) end
local function efficiency(size, loss) return (size - overhead) / (size + gap) * (1 - loss) end

local loss, best, best_size = { name = "measured", x = sizes, y = {}, style = "scatter" }, 0, nil
local useful = { name = "measured", x = sizes, y = {}, style = "scatter" }
for i, f in ipairs(flows) do
  local p = lost(sizes[i])
  loss.y[i], useful.y[i] = f.loss, efficiency(sizes[i], f.loss)
  if useful.y[i] > best then best, best_size = useful.y[i], sizes[i] end
  -- Each frame is a draw of its own, so the number lost is binomial: four standard deviations are enough
  -- for all but one of 16,000 runs.
  expect.near(f.lost, count * p, 4 * (count * p * (1 - p)) ^ 0.5, sizes[i] .. " bytes: frames lost of " .. count)
end

-- The formulas between the sizes.
local line, curve = { name = "1 − (1 − BER)^8n", x = {}, y = {} }, { name = "formula", x = {}, y = {} }
local top, top_size = 0, nil
for n = 64, 1518 do
  local p = lost(n)
  line.x[#line.x + 1], line.y[#line.y + 1] = n, p
  curve.x[#curve.x + 1], curve.y[#curve.y + 1] = n, efficiency(n, p)
  if efficiency(n, p) > top then top, top_size = efficiency(n, p), n end
end
for _, s in ipairs { loss, line } do s.label, s.unit = "frames lost", "1" end
for _, s in ipairs { useful, curve } do s.label, s.unit = "share of the link that carries data", "1" end
local title = ("Bit error rate %g"):format(ber)
weft.plot { line, loss, name = "loss", x_label = "frame", x_unit = "B", title = title }
weft.plot { curve, useful, name = "efficiency", x_label = "frame", x_unit = "B", title = title }

weft.result("best frame", top_size, "B")
expect.equal(best_size, 512, "the best of the sizes that were tried")
-- Setting the derivative to zero: data^2 + overheads * data = overheads / -ln((1 - BER)^8).
local h, k = overhead + gap, -8 * math.log(1 - ber)
expect.near(top_size, -h / 2 + (h * h / 4 + h / k) ^ 0.5 + overhead, 1, "the best of all sizes")
