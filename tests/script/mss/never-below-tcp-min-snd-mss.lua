-- Linux (net.ipv4.tcp_min_snd_mss): segments are not smaller than that, whatever the peer asks for; headers of 40 bytes
-- without options.
script.host { sysctl = { ["net.ipv4.tcp_min_snd_mss"] = 700 } }
local c = script.accepted { offer = "mss 500", win = 65535, rtt = "10ms" }
expect.equal(c.mss, 700)
c:write(1400)
script.expect(". 1:701(700) ack 1")
script.expect("P. 701:1401(700) ack 1")
