-- Linux's sk_stream_is_writeable(), seen by EPOLLOUT: who was refused is told when what is free is half of what is in use,
-- that is from two thirds of the buffer downwards (6.18): of 40,000 bytes at most 26,666 may be in use.
local c = script.accepted { rtt = "10ms", cc = "reno", win = 1000, sndbuf = 20000 }
repeat until c:write(1000) <= 0
expect.above(c.wmem_queued, c.sndbuf)
expect.equal(c.writable, false)
local ack = 1
for _ = 1, 60 do
    ack = ack + 1000
    script.inject("+1ms", (". 1:1(0) ack %d win 1000"):format(ack))
    if c:woken() then break end
    expect.above(c.wmem_queued, 26666)
end
expect.between(c.wmem_queued, 26666 - 2 * 1832, 26666)
expect.equal(c.writable, true)
