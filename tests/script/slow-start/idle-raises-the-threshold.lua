-- Linux (tcp_cwnd_restart()): after idling for longer than a time-out the threshold is what the window in use deserves, three
-- quarters of it when that is more: 7 of 10, not the 5 that a mark left.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
script.listen { cc = "reno" }
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+40ms", ". 1:1(0) ack 1 win 257")
local c = script.accept()
local seq = 1
local function use(n, flags)
  for _ = 1, n do
    c:write(1000)
    script.expect(string.format("%s. %d:%d(1000) ack 1", seq == 10001 and "PW" or "P", seq, seq + 1000))
    seq = seq + 1000
  end
  script.inject("+40ms", string.format("%s 1:1(0) ack %d win 257", flags, seq))
end
use(10, "E.")
expect.equal(c.ssthresh, 5)
for n = c.cwnd, 9 do use(n, ".") end
expect.equal(c.cwnd, 10)
script.sleep("1s")
c:write(1000)
script.expect(string.format("P. %d:%d(1000) ack 1", seq, seq + 1000))
expect.equal(c.ssthresh, 7)
expect.equal(c.cwnd, 10)
