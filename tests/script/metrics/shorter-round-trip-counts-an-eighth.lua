-- Linux (tcp_update_metrics()): a shorter round trip than the remembered one takes an eighth of the difference from it, 400
-- and 200 ms make 375; the next connection, whose SYN went twice, begins with a time-out of three times that.
local function connection(rtt)
  local c = script.connect { cc = "reno" }
  script.expect("S 0:0(0) <...>")
  script.inject(rtt, "S. 0:0(0) ack 1 win 65535 <mss 1000>")
  script.expect(". 1:1(0) ack 1")
  c:write(1000)
  script.expect("P. 1:1001(1000) ack 1")
  script.inject(rtt, ". 1:1(0) ack 1001 win 65535")
  c:shutdown()
  script.expect("F. 1001:1001(0) ack 1")
  script.inject(rtt, "F. 1:1(0) ack 1002 win 65535")
  script.expect(". 1002:1002(0) ack 2")
end
connection("+400ms")
connection("+200ms")
local c = script.connect { cc = "reno" }
script.expect("S 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 65535 <mss 1000>")
script.expect(". 1:1(0) ack 1")
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+1.125s", "P. 1:1001(1000) ack 1")
