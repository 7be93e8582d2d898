-- Half a window behind the last PSH a segment in the queue is marked.  If the same write then fills it up, because part of
-- it has left, the mark moves on with its end: to 25 segments here, of a window of 32, and not at 17, where it was made.
-- (Seen of a kernel, 6.18, with tcp_min_tso_segs = 1, so that no super-segment adds a PSH of its own.)
script.host { sysctl = { ["net.ipv4.tcp_min_tso_segs"] = 1 } }
local c = script.accepted { rtt = "100ms", sndbuf = 200000 }
c:write(200000)
local function sent(n) return ("%s %d:%d(1000) ack 1"):format(n == 25 and "P." or ".", n * 1000 + 1, n * 1000 + 1001) end
for n = 0, 9 do script.expect(sent(n)) end
for n = 10, 29 do
  if n % 2 == 0 then script.inject("+10ms", (". 1:1(0) ack %d win 257"):format((n - 10) // 2 * 1000 + 1001)) end
  script.expect(sent(n))
end
