-- Why a sender asks whether a closed window is open again.
--
-- The receiver's application reads nothing for two seconds: the buffer is full, the window is zero. When it reads, one ACK
-- says that there is room ("window update"), and no ACK is ever acknowledged. If that one is lost, the receiver waits for
-- data and the sender for room: a deadlock. The sender's probes break it (RFC 9293 3.8.6.1) at the next one that gets
-- through, and they become rarer and rarer.
--
-- Look at
--   heard.pcap    the update arrives: data follow at once
--   lost.pcap     it is lost: the next probe, the fourth, finds the window open
--   deaf.pcap     it is lost, and so are all probes of the first 50 seconds, as if TCP had none. Both ends are well, and
--                 nothing moves; the first probe that gets through, after a minute, sets them free
--   deadlock.png  the bytes that arrived
--
-- tags: lab tcp window
-- needs: tcp
local net = weft.network()
local bytes, read_start, deaf_until = 100000, 2, 50

-- Loses the first update of a window that was closed, and probes (without data, below what was sent) until `deaf`.
local function connect(name, lose_update, deaf)
  local s, d = net:host("s-" .. name), net:host("d-" .. name)
  local link = net:link(s, d, { rate = "10Mbps", delay = "10ms" })
  link:capture { name = name }
  local c, sent = { probes = {} }, 1
  local function to_receiver(p)
    if not p.tcp or p.tcp.flags.syn then return false end
    local probe = p.tcp.len == 0 and p.tcp.seq == sent - 1
    sent = math.max(sent, p.tcp.seq + p.tcp.len)
    if probe then c.probes[#c.probes + 1] = p.time end
    return probe and p.time < deaf
  end
  local function to_sender(p)
    if not p.tcp then return false end
    if p.tcp.window_size_value == 0 then
      c.closed = c.closed or p.time
      return false
    end
    if not c.closed or c.opened then return false end
    c.opened = p.time
    return lose_update
  end
  link:set { loss = { ab = to_receiver, ba = to_sender } }
  c.flow = net:tcp { name = name, from = s, to = d, bytes = bytes, read_start = read_start, sockopt = { SO_RCVBUF = "32KiB" } }
  c.flow:record("delivered", "rto", "state", "receiver_state")
  return c
end

local heard = connect("heard", false, 0)
local lost = connect("lost", true, 0)
local deaf = connect("deaf", true, deaf_until)
net:plot { "delivered", name = "deadlock", title = "A window update is lost: without probes nothing moves" }
net:run(deaf_until)

-- Nothing but probes, twice as long apart each time: after n of them (2^n - 1) time-outs have passed.
local rto = deaf.flow:series("rto"):at(deaf.closed + 0.05)
local n = math.floor(math.log((deaf_until - deaf.closed) / rto + 1, 2))
expect.equal(#deaf.probes, n, "probes so far")
expect.near(deaf.probes[n] - deaf.closed, (2 ^ n - 1) * rto, "5%", "the last of them")
expect.equal(deaf.flow.done, false, "a deadlock")
expect.equal(deaf.flow:series("delivered"):at("1s"), deaf.flow:series("delivered"):at(deaf_until), "nothing moves")
expect(heard.flow.done and lost.flow.done, "the others are done")
local gap = lost.flow.fct - heard.flow.fct
expect.near(gap, lost.probes[#lost.probes] - lost.opened, "100ms", "a lost update costs the time to the next probe")

net:run { stop_when = "flows done", max = "200s" }
expect(deaf.flow.done, "the first probe that gets through ends it")
expect.near(deaf.flow.fct, deaf.probes[n + 1], "1s", "and the rest takes no second")
expect.near(deaf.probes[n + 1] - deaf.closed, (2 ^ (n + 1) - 1) * rto, "5%", "it is a long time until then")
print(("closed at %.2f s; done after %.2f s if the update arrives, %.2f s if it is lost, %.1f s if probes are, too"):format(
  deaf.closed, heard.flow.fct, lost.flow.fct, deaf.flow.fct))
