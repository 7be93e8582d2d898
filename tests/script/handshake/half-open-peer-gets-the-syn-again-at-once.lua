-- RFC 9293 3.5.1: a half-open peer answers the SYN by what it expects, and the RST for that clears it away.  Linux does not
-- wait for the second to pass, but two ticks (of 1 to 10 ms), with the SYN that opens the connection then.
script.connect()
script.expect("S 0:0(0) <...>")
script.inject("+10ms", ". 5000:5000(0) ack 900 win 257")
script.expect("R 900:900(0)")
script.expect("+0ms~20ms", "S 0:0(0) <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 65535 <mss 1000>")
script.expect(". 1:1(0) ack 1")
