-- One segment may wait for a delayed ACK, so that the probe is not before the RTO.
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+210ms", "P. 1:1001(1000) ack 1")
