-- net.ipv4.tcp_ecn_option = 1 (ip-sysctl.rst): the option goes where RFC 9768 3.2.3.3 wants it. A change of the field puts it
-- into two segments, lest one gets lost; what goes on as before does not, but for a beacon, tcp_ecn_option_beacon times in a
-- round trip, here none. Linux 7.2 sends so.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 1, ["net.ipv4.tcp_ecn_option_beacon"] = 0 } }
script.listen()
script.inject("[ect0] SEWA 0:0(0) win 29200 <mss 980>")
script.expect("SA. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 30000 <ECN e0b 1 ceb 0 e1b 1,nop>")
local c = script.accept()
local seq = 1
local function data(field, ack, option)
  script.inject("+300ms", field .. " EAP. " .. seq .. ":" .. seq + 10 .. "(10) ack 1 win 30000")
  seq = seq + 10
  script.expect(0, ack .. " 1:1(0) ack " .. seq .. (option and " <ECN " .. option .. ",nop>" or ""))
end
data("[ect0]", "EA.", "e1b 1 ceb 0 e0b 11") -- the one after the SYN-ACK's
data("[ect0]", "EA.")
data("[ect1]", "EA.", "e1b 11 ceb 0 e0b 21")
data("[ect1]", "EA.", "e1b 21 ceb 0 e0b 21")
data("[ect1]", "EA.")
data("[ce]", "WA.", "e1b 31 ceb 10 e0b 21")
data("[ce]", "EWA.", "e1b 31 ceb 20 e0b 21") -- and each CE anew
