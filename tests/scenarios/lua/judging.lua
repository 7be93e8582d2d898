-- tags: language
-- Expectations that are met, in all their forms.

expect(true)
expect(1, "anything but false and nil is true")
expect.equal(1e6, "1Mbps")
expect.equal("x", "x")
expect.equal(nil, nil)
expect.equal(true, true)
expect.near(0.101, 0.1, 0.01)
expect.near(0.101, "10%", "2%")
expect.near("101ms", "100ms", "1ms")
expect.near(-5, -5.1, "3%")
expect.above("2s", 1)
expect.below(5, "5.1s")
expect.between(5, 5, 5)
expect.between("1500B", "1kB", "1KiB" and "2KiB")

local net = weft.network()
expect.eventually(function() return now() >= 2 end, { within = "3s" }, "two seconds pass")
expect.eventually(function() return now() >= 9 end, "so do nine")
expect.never(function() return now() > 10 end, "it ends at ten")
expect.never(function() return now() > 1 end, { within = "1s" })
net:run("10s")

-- What a condition returns beside itself is no message.
expect(("hello"):find("ll"))
