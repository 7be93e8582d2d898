-- Bit 0x400 of net.ipv4.tcp_fastopen is for listeners without TCP_FASTOPEN, and without bit 2 nobody takes data (Linux 6.18).
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x602 } }
script.listen { backlog = 5, fastopen = 1 }
for port, ack in ipairs { 101, 1 } do
  script.port(40000 + port)
  script.inject("S 0:100(100) win 32792 <mss 1000>")
  script.expect("S. 0:0(0) ack " .. ack .. " <mss 1460>")
end
script.close()
host:sysctl("net.ipv4.tcp_fastopen", 0x600)
script.listen { backlog = 5 }
host:sysctl("net.ipv4.tcp_fastopen", 0x602)
script.port(40003)
script.inject("S 0:100(100) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
