-- RFC 6298 2.2: of the first round trip, the handshake's, RTTVAR is half.
local c = script.accepted { rtt = "300ms" }
expect.near(c.rttvar, 0.15, "1us")
