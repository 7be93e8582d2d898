-- RFC 2018 3: a block is contiguous data: what touches it in front or behind joins, and what fits between two makes one
-- of them, which comes first.
script.accepted { rtt = "10ms" }
local function data(n, sack)
  script.inject("+1ms", (". %d:%d(1000) ack 1 win 257"):format(n, n + 1000))
  script.expect(". 1:1(0) ack 1 <nop,nop,sack " .. sack .. ">")
end
data(8001, "8001:9001")
data(3001, "3001:4001 8001:9001")
data(2001, "2001:4001 8001:9001")
data(9001, "8001:10001 2001:4001")
data(5001, "5001:6001 8001:10001 2001:4001")
data(4001, "2001:6001 8001:10001")
