local c = script.accepted { linger = 0 }
c:write(100)
script.expect("P. 1:101(100) ack 1")
c:close()
script.expect("R. 101:101(0) ack 1")
