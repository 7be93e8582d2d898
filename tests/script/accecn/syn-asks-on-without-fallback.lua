-- net.ipv4.tcp_ecn_fallback = 0 (ip-sysctl.rst): no SYN asks for less than the first one.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_fallback"] = 0 } }
script.connect()
script.expect("[noecn] SEWA 0:0(0) <...>")
for _ = 1, 4 do
  script.expect("+1s", "[noecn] SEWA 0:0(0) <...>")
end
