-- TCP_USER_TIMEOUT (tcp(7)) holds for the SYN as well: at the first time-out past it ETIMEDOUT, though tcp_syn_retries
-- would allow more.
local c = script.connect { user_timeout = 2500 }
script.expect("S 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
script.silence("400ms")
expect.equal(c.closed, false)
script.silence("900ms")
expect.equal(c.error, 110)
