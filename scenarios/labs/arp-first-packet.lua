-- Why is the first ping slower than the others?
--
-- `a` knows b's IP address, but a frame needs an Ethernet address.  So the first packet waits while
-- `a` asks everybody on the link "who has 10.0.0.2?" (ARP) and `b` answers.
--
-- Look at
--   first-ping.pcap  the question goes to ff:ff:ff:ff:ff:ff, the answer to `a` alone, and only then
--                    goes the first echo request.  The later ones go at once.  `b` never asks: it
--                    learned a's address from the question.
--   burst.pcap       five datagrams within a millisecond: one question for all of them, and they
--                    leave together when the answer has come
--   nobody.pcap      nobody has this address: three questions, a second apart, then `a` gives up.
--                    (In between `b` makes sure, 5 s after it first used what it had only overheard:
--                    it asks `a` alone.)
--   rtt.png          the first round trip takes twice as long as the others
--
-- tags: lab arp icmp
-- needs: ping udp
local net = weft.network()
local a, b, c = net:host("a"), net:host("b"), net:host("c")
local rate, delay = 10e6, 5e-3
local ab = net:link(a, b, { rate = rate, delay = delay,
                            ip = { a = "10.0.0.1/24", b = "10.0.0.2/24" } })
local ac = net:link(a, c, { rate = rate, delay = delay,
                            ip = { a = "10.0.1.1/24", b = "10.0.1.2/24" } })
ab:capture { name = "first-ping", between = { "0s", "4s" } }
ac:capture { name = "burst" }
ab:capture { name = "nobody", between = { "4s", "9s" } }

-- A "loss" that never loses sees each frame that the link sends.
local questions = { ab = {}, ac = {} }
local function count(list)
  return function(p)
    if p.arp and p.arp.opcode == 1 then list[#list + 1] = p.time end
    return false
  end
end
ab:set { loss = { ab = count(questions.ab) } }
ac:set { loss = { ab = count(questions.ac) } }

local ping = a:ping(b, { count = 4, interval = "1s" })
local burst = net:udp { from = a, to = c, start = "1s", size = 1000, count = 5, rate = "100Mbps" }
local nobody = a:ping("10.0.0.9", { start = "5s", count = 1, timeout = "4s" })
ping:record("rtt")
net:plot { "rtt", of = ping, between = { "0s", "4s" }, style = "scatter", name = "rtt" }
net:run("10s")

-- On the wire an ARP frame takes 84 bytes (64 is the least of a frame, preamble and gap are 20), an
-- echo of 56 bytes 122 (ICMP 8, IP 20, Ethernet 14 + 4, and again 20).
local arp, echo = 84 * 8 / rate + delay, 122 * 8 / rate + delay
expect.near(ping:series("rtt"):at("0.5s"), 2 * arp + 2 * echo, "1ns", "the first ping waits for ARP")
expect.near(ping:series("rtt"):max { between = { "0.5s", "5s" } }, 2 * echo, "1ns",
  "the others do not")

expect.equal(burst.received, 5, "all datagrams waited, none is lost")
expect.equal(#questions.ac, 1, "one question for all five")

-- Linux: mcast_solicit = 3 questions, retrans_time 1 s.
expect.equal(nobody.errors, 1, "host unreachable")
expect.equal(#questions.ab, 4, "one question about b, three about nobody")
expect.near(questions.ab[4] - questions.ab[2], "2s", "1us", "three questions in two seconds")
