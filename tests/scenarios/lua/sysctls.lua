-- tags: language sysctl
-- Sysctls of a host: numbers, texts, lists and booleans, several at once, each host its own.

local net = weft.network()
local a = net:host("a", { sysctl = {
  ["net.ipv4.tcp_sack"] = false,
  ["net.ipv4.tcp_retries2"] = 8,
  ["net.ipv4.tcp_rmem"] = "4096 65536 131072",
  ["net.ipv4.tcp_wmem"] = { 4096, 32768, 262144 },
  ["net.ipv4.tcp_congestion_control"] = "reno",
} })
local b = net:host("b", { sysctl = {} })

expect.equal(a:sysctl("net.ipv4.tcp_sack"), "0")
expect.equal(a:sysctl("net.ipv4.tcp_retries2"), "8")
expect.equal(a:sysctl("net.ipv4.tcp_rmem"), "4096 65536 131072")
expect.equal(a:sysctl("net.ipv4.tcp_wmem"), "4096 32768 262144")
expect.equal(a:sysctl("net.ipv4.tcp_congestion_control"), "reno")

expect.equal(b:sysctl("net.ipv4.tcp_sack"), "1")
expect.equal(b:sysctl("net.ipv4.tcp_rmem"), "4096 131072 33554432")
expect.equal(b:sysctl("net.ipv4.tcp_sack", 0), "0")
expect.equal(b:sysctl("net.ipv4.tcp_sack"), "0")

expect.equal(b:sysctl({ ["net.ipv4.tcp_dsack"] = 0, ["net.ipv4.ip_default_ttl"] = 7 })["net.ipv4.tcp_dsack"], "0")
expect.equal(b:sysctl("net.ipv4.ip_default_ttl"), "7")
expect.equal(b:sysctl("net.ipv4.tcp_dsack"), "0")
