-- RFC 8257 3.3: each round trip weighs 1/16 in the fraction alpha, which begins with 1 (Linux): three without marks make it
-- 960, 900 and 844 / 1024, one of a marked packet 844 - 52 + 64 = 856; a window of 20 loses 20 x 856 / 2048 = 8 packets.
local c = script.connect { cc = "dctcp" }
script.expect("[ect0] SEW 0:0(0) <...>")
script.inject("+10ms", "SE. 0:0(0) ack 1 win 32767 <mss 1000,nop,wscale 6,nop,nop,sackOK>")
script.expect("[ect0] . 1:1(0) ack 1")
c:write(10000)
script.expect("[ect0] P. 1:10001(5*2*1000) ack 1")
script.inject("+10ms", "[ect0] . 1:1(0) ack 10001 win 500")
expect.equal(c.cwnd, 20)
for n = 10, 12 do
  c:write(1000)
  script.expect(("[ect0] P. %d:%d(1000) ack 1"):format(n * 1000 + 1, n * 1000 + 1001))
  script.inject("+10ms", ("[ect0] %s 1:1(0) ack %d win 500"):format(n == 12 and "E." or ".", n * 1000 + 1001))
end
expect.equal(c.ssthresh, 12)
