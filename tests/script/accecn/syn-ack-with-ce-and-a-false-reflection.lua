-- RFC 9768 3.2.2.3: the SYN was not ECN-capable, and nobody on the path makes it so: a SYN-ACK that reflects another field
-- tells of a path, or a server, whose marks are worth nothing. No ECT is sent, and the CE of that SYN-ACK is not counted, but
-- the reserved reflection says nothing (3.1.3), nor is there a test without net.ipv4.tcp_ecn_fallback. Linux 7.2 tests it
-- if the SYN-ACK has CE.
local host = script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
local function connect(answer, data)
  local c = script.connect()
  script.expect("[noecn] SEWA 0:0(0) <...>")
  script.inject("+50ms", "[ce] " .. answer .. " 0:0(0) ack 1 win 31000 <mss 1460>")
  script.expect("WA. 1:1(0) ack 1")
  c:write(700)
  script.expect(data .. " 1:701(700) ack 1")
  script.inject("R. 1:1(0) ack 701")
  c:close()
end
connect("SW.", "[ect0] WAP.")
connect("SEA.", "[ect0] WAP.")
connect("SEW.", "[noecn] EAP.")
connect("SA.", "[noecn] EAP.")
connect("SWA.", "[noecn] EAP.")
host:sysctl("net.ipv4.tcp_ecn_fallback", 0)
connect("SA.", "[ect0] WAP.")
