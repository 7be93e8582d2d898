local c = script.accepted { rtt = "10ms", cork = true }
c:write(500)
script.silence()
c:close()
script.expect("FP. 1:501(500) ack 1")
