-- Linux's tcp_stream_memory_free() with wake: who waits for TCP_NOTSENT_LOWAT is told when twice as much as is not sent is
-- below it, not sooner, so that it is not told for each segment.  1 MB of buffer is no limit here.
local c = script.accepted { rtt = "10ms", cc = "reno", win = 1000, notsent_lowat = 8000, sndbuf = 500000 }
repeat until c:write(1000) <= 0
expect.equal(c.writable, false)
local ack = 1
repeat
    ack = ack + 1000
    script.inject("+1ms", (". 1:1(0) ack %d win 1000"):format(ack))
    local told = c:woken()
    expect.equal(told, 2 * c.notsent < 8000)
until told or ack > 60000
expect.between(c.notsent, 2000, 3999)
