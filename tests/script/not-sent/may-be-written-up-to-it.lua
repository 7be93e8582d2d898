-- Below the whole mark a write is taken, though poll() does not say so yet (half of it, see told-below-half-of-it).
local c = script.accepted { rtt = "10ms", cc = "reno", win = 24, notsent_lowat = 4000, sndbuf = 500000 }
expect.equal(c:write(5500), 5500)
expect.equal(c.notsent, 2500)
expect.equal(c.writable, false)
expect.equal(c:write(1000), 1000)
