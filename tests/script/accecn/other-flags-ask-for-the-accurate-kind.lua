-- RFC 9768 3.1.3: a SYN with any flags but none, CWR with ECE, or all three asks for a form of accurate ECN to come, and is
-- answered like one with all three; a server without accurate ECN does not agree to anything then (RFC 3168 6.1.1).
local host = script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
script.listen()
local others = { "SE", "SW", "SA", "SEA", "SWA" }
local function ask(first, answer)
  for i, flags in ipairs(others) do
    script.port(first + i)
    script.inject(flags .. " 0:0(0) win 29200 <mss 980>")
    script.expect(answer .. " 0:0(0) ack 1 <mss 1460>")
  end
end
ask(40000, "SW.")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 333")
script.accept():write(300)
script.expect("[ect0] EAP. 1:301(300) ack 1")
host:sysctl("net.ipv4.tcp_ecn", 1)
ask(40010, "S.")
