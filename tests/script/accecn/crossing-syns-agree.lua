-- RFC 9768 3.1.1, RFC 9293 3.5 (figure 8): SYNs that cross and both ask for accurate ECN agree to it. Each SYN-ACK reflects the
-- ECN field of the SYN that crossed (table 2) and offers the option; then the counter of CE packets begins at 5 (3.2.1). The SYN
-- itself, marked as it may be, is not counted.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_timestamps"] = 0 } }
local reflections = { { "[noecn]", "SW." }, { "[ect1]", "SEW." }, { "[ect0]", "SA." }, { "[ce]", "SWA." } }
for _, reflection in ipairs(reflections) do
  local c = script.connect()
  script.expect("[noecn] SEWA 0:0(0) <...>")
  script.inject("+10ms", reflection[1] .. " SEWA 0:0(0) win 32767 <mss 1000>")
  script.expect("[noecn] " .. reflection[2] .. " 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
  script.inject("+10ms", "SW. 0:0(0) ack 1 win 32767 <mss 1000,ECN e1b 1 ceb 0 e0b 1>")
  script.expect("[ect0] EA. 1:1(0) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
  c:write(700)
  script.expect("[ect0] EAP. 1:701(700) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
  script.inject("+10ms", "R. 1:1(0) ack 701")
  c:close()
end
