-- RFC 1122 4.2.3.9: EHOSTUNREACH while connecting.
local c = script.connect()
script.expect("S 0:0(0) <...>")
script.icmp("host unreachable", 0)
expect.equal(c.error, 113)
