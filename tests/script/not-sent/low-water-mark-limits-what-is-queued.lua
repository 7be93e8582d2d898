-- TCP_NOTSENT_LOWAT (tcp(7)): writing ends when so much is not sent yet, though the buffer has room for much more: ten
-- segments leave, and 5,000 bytes and the rest of a segment wait.
local c = script.accepted { rtt = "10ms", notsent_lowat = 5000, sndbuf = 200000 }
local taken = c:write(100000)
expect.between(taken, 10000 + 5000, 10000 + 5000 + 17000)
