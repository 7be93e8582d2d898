-- RFC 9768 table 2: what each answer to a SYN that asks for accurate ECN makes of the connection.  Not ECN-capable: no flags,
-- and all of them (a server that reflects); classic: ECE alone; the others are accurate, the reserved one included (3.1.3).
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
local accurate = "[ect0] EAP."
local answers = {
  { "S.", ".", "[noecn] P." }, { "SE.", ".", "[ect0] P." }, { "SW.", "W.", accurate }, { "SEW.", "W.", accurate },
  { "SA.", "W.", accurate }, { "SEA.", "W.", accurate }, { "SWA.", "W.", accurate }, { "SEWA.", ".", "[noecn] P." },
}
for _, answer in ipairs(answers) do
  local c = script.connect()
  script.expect("[noecn] SEWA 0:0(0) <...>")
  script.inject("+50ms", answer[1] .. " 0:0(0) ack 1 win 31000 <mss 1460>")
  script.expect(answer[2] .. " 1:1(0) ack 1")
  c:write(700)
  script.expect(answer[3] .. " 1:701(700) ack 1")
  script.inject("R. 1:1(0) ack 701")
  c:close()
end
