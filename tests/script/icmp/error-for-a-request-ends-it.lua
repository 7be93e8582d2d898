-- RFC 1122 4.2.3.9: nobody can be reached behind this SYN: its SYN-ACK is not repeated.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.icmp("host unreachable", 0)
script.silence("5s")
