-- With TCP_SYNCNT n the SYN is given up after the time of n retransmissions that double, 2^(n+1) - 1 seconds, however
-- many linear ones (net.ipv4.tcp_syn_linear_timeouts) fit into it: three SYNs and 3 s for n = 1, six SYNs and 7 s for
-- n = 2, as a 6.18 kernel does it.
for n, repeated in ipairs { 2, 5 } do
  local c = script.connect { syncnt = n }
  script.expect("S 0:0(0) <...>")
  for _ = 1, repeated do script.expect("+1s", "S 0:0(0) <...>") end
  local rest = 2 ^ (n + 1) - 1 - repeated
  script.silence(rest - 0.1)
  expect.equal(c.closed, false, n .. " retransmissions, just before")
  script.silence("0.2s")
  expect.equal(c.error, 110, n .. " retransmissions: ETIMEDOUT")
end
