-- net.ipv4.tcp_ecn_option = 1 (ip-sysctl.rst, RFC 9768 3.2.3.3): without any change the option goes tcp_ecn_option_beacon
-- times in a round trip at most; the round trip is 100 ms here.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 1, ["net.ipv4.tcp_ecn_option_beacon"] = 2 } }
script.listen()
script.inject("[ect0] SEWA 0:0(0) win 29200 <mss 980>")
script.expect("SA. 0:0(0) ack 1 <...>")
script.inject("+100ms", "[ect0] W. 1:1(0) ack 1 win 30000 <ECN e0b 1 ceb 0 e1b 1,nop>")
script.accept()
local seq, bytes = 1, 1
local function data(delay, option)
  script.inject(delay, "[ect0] EAP. " .. seq .. ":" .. seq + 10 .. "(10) ack 1 win 30000")
  seq, bytes = seq + 10, bytes + 10
  script.expect(0, "EA. 1:1(0) ack " .. seq .. (option and " <ECN e1b 1 ceb 0 e0b " .. bytes .. ",nop>" or ""))
end
data("+10ms", true)
data("+10ms", false)
data("+35ms", false)
data("+10ms", true)
data("+45ms", false)
data("+10ms", true)
