-- net.ipv4.tcp_ecn (ip-sysctl.rst) of a server that is asked for accurate ECN: 3, 4 and 5 agree, 1 and 2 to the classic kind
-- only (RFC 9768 3.1.2, table 2, "classic ECN server"), 0 to none.
local host = script.host { sysctl = { ["net.ipv4.tcp_ecn_option"] = 0 } }
script.listen()
for mode, answer in pairs { [0] = "S.", "SE.", "SE.", "SW.", "SW.", "SW." } do
  host:sysctl("net.ipv4.tcp_ecn", mode)
  script.port(40000 + mode)
  script.inject("SEWA 0:0(0) win 29200 <mss 980>")
  script.expect("[noecn] " .. answer .. " 0:0(0) ack 1 <mss 1460>")
end
