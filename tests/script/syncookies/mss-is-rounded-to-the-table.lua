-- RFC 4987 3.6; Linux's table for IPv4 is 536, 1300, 1440, 1460: the largest that is not above the peer's, but never
-- less than 536.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
local sizes = { [100] = 536, [1299] = 536, [1300] = 1300, [1439] = 1300, [1440] = 1440, [1459] = 1440, [1460] = 1460,
                [8960] = 1460 }
local port = 40000
for _, offered in ipairs { 100, 1299, 1300, 1439, 1440, 1459, 1460, 8960 } do
  port = port + 1
  script.port(port)
  script.inject(("S 0:0(0) win 65535 <mss %d>"):format(offered))
  script.expect("S. 0:0(0) ack 1 <mss 1460>")
  script.inject("+10ms", ". 1:1(0) ack 1 win 65535")
  expect.equal(script.accept().mss, sizes[offered])
end
