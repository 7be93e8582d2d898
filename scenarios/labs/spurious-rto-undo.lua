-- A time-out that was none: the path was only slow for a while.
--
-- In the middle of a transfer the path's delay rises by 1.5 s for a moment, as when a radio link changes cells.  No
-- packet is lost, but no ACK comes in time either: the sender's timer expires, it takes all that is under way for
-- lost, and lets its window fall to one packet.  Then the ACKs come, of packets that were sent *before* the time-out.
-- Who notices can undo it:
--   Eifel   the ACK echoes the timestamp of the first sending, not of the retransmission (RFC 3522, 4015)
--   F-RTO   the first ACKs after the time-out go beyond what was sent again (RFC 5682)
--   DSACK   the receiver says that it had what was sent again (RFC 3708)
-- A sender without any of these sends the whole window a second time, and grows again from half of it.
--
-- Look at
--   undo.png       Eifel and F-RTO restore the window at the first ACK or two; DSACK when all has been sent again for
--                  nothing (from there on it is in slow start, as it was before); without them it stays at half.  What has been delivered stands still meanwhile
--   nothing.pcap   hundreds of "TCP Spurious Retransmission"
--   F-RTO.pcap     two: the probe before the time-out (TLP), and the one of the time-out itself
--
-- tags: lab tcp rto undo frto
-- needs: tcp
local rate, rtt, spike = 10e6, 200e-3, 4
local cases = { "nothing", "Eifel", "F-RTO", "DSACK" }
local switches = { Eifel = "net.ipv4.tcp_timestamps", ["F-RTO"] = "net.ipv4.tcp_frto", DSACK = "net.ipv4.tcp_dsack" }

local net = weft.network()
local flows, hosts = {}, {}
for _, name in ipairs(cases) do
  local sysctl = {} -- each has but one of the three
  for other, switch in pairs(switches) do sysctl[switch] = other == name and 1 or 0 end
  local s, d = net:host("s-" .. name, { sysctl = sysctl }), net:host("d-" .. name, { sysctl = sysctl })
  local r = net:router("r-" .. name) -- TCP leaves no queue in its own host
  net:link(s, r, { rate = "10Gbps" })
  local link = net:link(r, d, { rate = rate, delay = rtt / 2 })
  link:capture { name = name, between = { spike - 0.1, spike + 3 }, snaplen = 96 }
  net:at(spike, function() link.ab:set { delay = rtt / 2 + 1.5 } end)
  net:at(spike + 0.05, function() link.ab:set { delay = rtt / 2 } end) -- what is late is not overtaken
  flows[name] = net:tcp { name = name, from = s, to = d, cc = "reno", bytes = "10MB", sockopt = { SO_RCVBUF = "256KiB" } }
  flows[name]:record("cwnd", "ssthresh", "delivered", "inflight")
  hosts[name] = s
end
net:plot { "cwnd", "delivered", between = { spike, spike + 3.5 }, name = "undo",
           title = "A time-out without a loss: Eifel and F-RTO undo it at once, DSACK later" }
net:run { stop_when = "flows done", max = "20s" }

local rows = { name = "outcome", columns = { "", "sent again", "window before", "least", "after", "complete after" },
               units = { "", "packets", "packets", "packets", "packets", "s" } }
for i, name in ipairs(cases) do
  local f = flows[name]
  local cwnd = f:series("cwnd")
  local before, after, flight = cwnd:at(spike), cwnd:at(spike + 3), f:series("inflight"):at(spike + 0.5)
  rows[i] = { name, f.retransmits, before, cwnd:min { between = { spike, spike + 2 } }, after, f.fct }
  expect.equal(f.timeouts, 1, name)
  expect.equal(cwnd:min { between = { spike, spike + 2 } }, 1, name .. ": RFC 5681 3.1, the window after a time-out")
  if name == "nothing" then
    expect.near(after, before // 2, 2, "without an undo half of the window is left")
  else
    expect(after >= before, name .. ": the window is restored")
  end
  if name == "Eifel" or name == "F-RTO" then
    expect.equal(f.retransmits, 2, name .. ": the probe, and the first packet")
  else
    expect.near(f.retransmits, flight, 2, name .. ": everything that was under way, again")
  end
end
weft.table(rows)

-- Eifel knows by the first ACK, F-RTO by the second, that is in the same batch.
for _, name in ipairs { "Eifel", "F-RTO" } do
  local undone = 0
  flows[name]:series("cwnd"):each(function(t, w) if undone == 0 and t > spike + 1.2 and w > 100 then undone = t end end)
  expect.near(undone, spike + rtt + 1.5, "20ms", name .. ": the window is back with the first late ACKs")
end
expect.equal(hosts["F-RTO"]:counters().TcpExtTCPSpuriousRTOs, 1)
expect.equal(hosts.Eifel:counters().TcpExtTCPLossUndo, 1)
expect.equal(hosts.DSACK:counters().TcpExtTCPDSACKUndo, 1)
-- What is sent for nothing takes as long as it takes on the wire.
local again = flows.nothing.retransmits - flows["F-RTO"].retransmits
expect.near(flows.nothing.fct - flows["F-RTO"].fct, again * 1538 * 8 / rate, "5%", "time that the undo saves")
