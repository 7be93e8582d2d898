-- RFC 1122 4.2.3.6: the default is not to ask.
script.accepted { rtt = "10ms" }
script.silence("10000s")
