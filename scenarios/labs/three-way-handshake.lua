-- How a TCP connection begins, and what happens if one of its first packets is lost.
--
-- Look at
--   client-eth1.pcap  at 1 s: SYN, SYN-ACK, ACK, and only then data.  Each side chooses a first sequence
--                     number at random (switch relative numbers off), and the other acknowledges
--                     it plus one.  The SYNs carry what the sides agree on: MSS, SACK, timestamps,
--                     window scale.
--                     At 10 s the SYN is lost, at 20 s the SYN-ACK: both cost a second, as nobody
--                     knows yet how long the path is.  At 30 s nobody answers: the client tries eleven
--                     times within 67 s and gives up after 131.
--   states.png        the states of both sides over the first connection: the client is ready after one
--                     round trip, the server half of one later; at 1.2 s the client closes
--
-- tags: lab tcp handshake
-- needs: tcp
local net = weft.network()
local client, server = net:host("client"), net:host("server")
local rate, delay = 100e6, 25e-3
local link = net:link(client, server, { rate = rate, delay = delay })
link:capture()
client:ping(server, { name = "ping", count = 1 }) -- ARP is done when the connections begin

-- What is lost, and what the first connection sends.
local segments, syns = {}, {}
local function watch(p)
  if not p.tcp then return false end
  local flags, lost = p.tcp.flags, false
  if p.flow == "first" then
    segments[#segments + 1] = { syn = flags.syn, ack = flags.ack, len = p.tcp.len, seq_raw = p.tcp.seq_raw,
                                ack_raw = p.tcp.ack_raw, mss = p.tcp.options.mss_val, time = p.time }
  elseif p.flow == "SYN-lost" then
    lost = flags.syn and not flags.ack and p.transmission == 1
  elseif p.flow == "SYN-ACK-lost" then
    lost = flags.syn and flags.ack and p.transmission == 1
  elseif p.flow == "nobody" then
    syns[#syns + 1], lost = p.time, true
  end
  return lost
end
link:set { loss = { ab = watch, ba = watch } }

local established = {}
local function connect(name, start, stop)
  local f = net:tcp { name = name, from = client, to = server, bytes = not stop and 20000 or nil, start = start, stop = stop }
  f:on("state", function(state)
    if state == "ESTABLISHED" then established[name] = now() - f.began end
  end)
  return f
end
local first, nobody = connect("first", "1s", "1.2s"), nil
connect("SYN-lost", "10s")
connect("SYN-ACK-lost", "20s")
nobody = connect("nobody", "30s")
first:record("state", "receiver_state")
net:plot { "state", "receiver_state", of = first, between = { "0.98s", "1.4s" }, name = "states" }
net:run("170s")

-- A segment with so many bytes of data behind 20 of IP, 20 of TCP and its options, on the wire with
-- Ethernet 14 + 4, preamble and gap 20.
local function one_way(options, data) return (78 + options + data) * 8 / rate + delay end

-- Options of a SYN: MSS 4, SACK permitted 2, timestamps 10, padding 1, window scale 3.
local rtt = 2 * one_way(20, 0)
expect.near(established.first, rtt, "1ns", "the client is ready after one round trip")
local syn, syn_ack, ack, data = table.unpack(segments, 1, 4)
expect(syn.syn and not syn.ack, "1: SYN")
expect(syn_ack.syn and syn_ack.ack, "2: SYN-ACK")
expect(ack.ack and not ack.syn and ack.len == 0, "3: ACK")
expect.equal(data.len, 1448, "4: the first data")
expect.equal(syn_ack.ack_raw, syn.seq_raw + 1, "the SYN counts as one byte")
expect.equal(ack.ack_raw, syn_ack.seq_raw + 1, "and so does the server's")
expect.equal(syn.mss, 1460, "MTU 1500 less IP's 20 and TCP's 20")
expect(first.done, "the data arrived")

-- RFC 6298: without a sample of the round trip, the first time-out is 1 s.
expect.near(established["SYN-lost"], 1 + rtt, "1ms", "a lost SYN costs a second")
expect.near(established["SYN-ACK-lost"], 1 + rtt, "1ms", "so does a lost SYN-ACK")

-- Linux 6.18: tcp_syn_linear_timeouts = 4 more after a second each, then twice as long each time, ten
-- in all (tcp_syn_retries = 6 of the latter).
expect.equal(nobody.error, "ETIMEDOUT")
expect.near(nobody.ended - nobody.began, "131s", "10ms", "when the client gives up")
for i, after in ipairs { 0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 } do
  expect.near(syns[i] - syns[1], after, "10ms", "SYN number " .. i)
end
expect.equal(#syns, 11)
