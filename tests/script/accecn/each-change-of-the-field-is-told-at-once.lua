-- RFC 9768 3.2.2.5.1, 3.2.3.3: CE after something else, and a byte counter that is not the one before, are told at once; a
-- 7.2 kernel does so at each change of the IP header's field, not ECN-capable and that of an ACK without data included. What
-- is as it was before is acknowledged late.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980>")
script.expect("SW. 0:0(0) ack 1 <...>")
script.inject("+50ms", "W. 1:1(0) ack 1 win 30000")
local c = script.accept()
c:quickack(false)
c:write(100)
script.expect("EAP. 1:101(100) ack 1")
local seq = 1
local function data(field, ack, late)
  script.inject("+300ms", field .. " EAP. " .. seq .. ":" .. seq + 10 .. "(10) ack 101 win 30000")
  seq = seq + 10
  script.expect(late and "+40ms~+200ms" or 0, ack .. " 101:101(0) ack " .. seq)
  c:quickack(false)
end
script.inject("+10ms", "EA. 1:1(0) ack 101 win 30000")
data("[ect0]", "EA.", false)
data("[ect0]", "EA.", true)
data("[ect1]", "EA.", false)
data("[ect1]", "EA.", true)
data("[ce]", "WA.", false)
data("[ce]", "EWA.", true)
data("[ect1]", "EWA.", false)
data("[noecn]", "EWA.", false)
script.inject("+300ms", "[ect0] EA. " .. seq .. ":" .. seq .. "(0) ack 101 win 30000")
data("[ect0]", "EWA.", false)
