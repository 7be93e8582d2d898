-- A server without the option may know the experimental one (RFC 6994, draft-ietf-tcpm-fastopen-01): it is tried once, and
-- never again if that was in vain (Linux 6.18).
script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
for _, option in ipairs { "FO,nop,nop", "FOEXP", "FO,nop,nop", "FO,nop,nop" } do
  local c = script.connect { fastopen = 0 }
  script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10," .. option .. ">")
  script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460>")
  script.expect(". 1:1(0) ack 1")
  script.inject("R. 1:1(0) ack 1")
  c:close()
end
