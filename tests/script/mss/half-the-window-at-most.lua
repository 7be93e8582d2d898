-- Linux (tcp_bound_to_half_wnd()): a receiver with a small window gets segments that fit twice.
local c = script.accepted { offer = "mss 1460,sackOK", win = 2000 }
expect.equal(c.mss, 1000)
c:write(2000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
