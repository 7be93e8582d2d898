-- Linux: the low six bits of the SYN-ACK's timestamp are window scale (15: none) and 16 for SACK.  The echo is all that
-- the server goes by: one that is 1 higher has another scale, one that is 16 lower no SACK.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
local function open(port, echo)
  script.port(port)
  script.inject("S 0:0(0) win 65535 <mss 1460,sackOK,TS val 700 ecr 0,nop,wscale 7>")
  script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 700,nop,wscale 10>")
  script.inject("+10ms", (". 1:1(0) ack 1 win 257 <nop,nop,TS val 701 ecr %d>"):format(echo))
  local c = script.accept()
  -- A hole: the duplicate ACK carries a SACK block, or does not.
  script.inject("+10ms", (". 1001:2001(1000) ack 1 win 257 <nop,nop,TS val 702 ecr %d>"):format(echo))
  return c.snd_wnd
end
-- Each begins when the clock's low bits are 40, so that the timestamp is 17 ms old.
local function pause() script.sleep("44ms") end
expect.equal(open(40001, 100), 257 << 7)
script.expect(". 1:1(0) ack 1 <nop,nop,TS val 137 ecr 701,nop,nop,sack 1001:2001>")
pause()
expect.equal(open(40002, 101), 257 << 8)
script.expect(". 1:1(0) ack 1 <nop,nop,TS val 137 ecr 701,nop,nop,sack 1001:2001>")
pause()
expect.equal(open(40003, 84), 257 << 7)
script.expect(". 1:1(0) ack 1 <nop,nop,TS val 137 ecr 701>")
pause()
expect.equal(open(40004, 108), 257) -- 7 + 8 = 15
