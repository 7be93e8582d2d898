local c = script.accepted()
c:shutdown()
script.expect("F. 1:1(0) ack 1")
expect.equal(c:write(10), -32)
