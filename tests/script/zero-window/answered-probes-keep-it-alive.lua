-- RFC 1122 4.2.2.17: as long as the receiver answers.
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 2000 }
c:write(3000)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2001 win 0")
for i = 1, 20 do
  script.expect("+0s~125s", ". 2000:2000(0) ack 1")
  script.inject("+10ms", ". 1:1(0) ack 2001 win 0")
end
expect.equal(c.state, "ESTABLISHED")
