-- Linux: a listener that has sent no cookie in the last two minutes does not look for one.
local host = script.host()
script.listen()
script.inject(". 1:1(0) ack 1 win 65535")
script.expect("R 1:1(0)")
expect.equal(host:counters().TcpExtSyncookiesFailed, 0)
