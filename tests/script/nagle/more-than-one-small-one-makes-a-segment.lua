-- RFC 1122 4.2.3.4: what waits becomes a full segment, which goes; the rest waits on.
local c = script.accepted { rtt = "100ms" }
c:write(100)
script.expect("P. 1:101(100) ack 1")
for _ = 1, 3 do
  c:write(300)
  script.silence("5ms")
end
c:write(300)
script.expect(". 101:1101(1000) ack 1")
script.silence("5ms")
script.inject("+50ms", ". 1:1(0) ack 1101 win 257")
script.expect("P. 1101:1301(200) ack 1")
