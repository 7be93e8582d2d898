-- RFC 3168 6.1.2 with Linux's undo: a retransmission that was needless (D-SACK) gives the window back, but not if an ECN-Echo
-- came with the ACK that began recovery, or within it: that reduction was due.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
script.listen { cc = "reno" }
for n, case in ipairs { { ".", ".", 16 }, { "E.", ".", 6 }, { ".", "E.", 6 } } do
  script.port(40000 + n)
  script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
  script.expect("SE. 0:0(0) ack 1 <...>")
  script.inject("+40ms", ". 1:1(0) ack 1 win 257")
  local c = script.accept()
  for at = 1, 9001, 1000 do
    c:write(1000)
    script.expect(("P. %d:%d(1000) ack 1"):format(at, at + 1000))
  end
  script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:3001>")
  script.inject(("%s 1:1(0) ack 1 win 257 <nop,nop,sack 1001:5001>"):format(case[1]))
  script.expect("P. 1:1001(1000) ack 1")
  expect.equal(c.ssthresh, 5)
  script.inject("+10ms", ("%s 1:1(0) ack 1 win 257 <nop,nop,sack 1001:6001>"):format(case[2]))
  script.inject("+10ms", ". 1:1(0) ack 10001 win 257 <nop,nop,sack 1:1001>")
  expect.equal(c.cwnd, case[3])
  expect.equal(c.ssthresh < 6, case[3] == 6)
end
