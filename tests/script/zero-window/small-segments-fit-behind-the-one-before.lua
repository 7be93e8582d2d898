-- Linux 6.18, observed with SO_RCVBUF 2304: a segment of 1000 bytes has a buffer of 2048, where what comes
-- after it finds room without taking memory; so the window stays at 460 until that is used up.
local c = script.accepted { rtt = "10ms", rcvbuf = 2304 }
script.inject("P. 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1001 win 460")
for i, window in ipairs { 460, 460, 460, 460, 460, 460, 360, 260 } do
  local seq = 901 + 100 * i
  script.inject("+50ms", ("P. %d:%d(100) ack 1 win 257"):format(seq, seq + 100))
  script.expect(i == 1 and "0s" or "+40ms~50ms", (". 1:1(0) ack %d win %d"):format(seq + 100, window))
end
