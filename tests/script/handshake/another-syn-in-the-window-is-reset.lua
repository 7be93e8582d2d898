-- Linux: a SYN with another number that could be data cannot be an old one; both attempts end.
local host = script.host()
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", "S 5000:5000(0) win 32792 <mss 1000>")
expect.equal(host:counters().TcpOutRsts, 1)
expect.equal(host:counters().TcpAttemptFails, 1)
expect.equal(host:counters().TcpExtEmbryonicRsts, 1)
