-- Linux: SO_KEEPALIVE that is on already may be set again without effect; the probe comes at its time.
local c = script.accepted { rtt = "10ms", keepidle = 4, keepintvl = 5, keepalive = true }
script.sleep("3s")
c:set { keepalive = true }
script.tolerance("300ms")
script.expect("+1s", ". 0:0(0) ack 1")
