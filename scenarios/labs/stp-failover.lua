-- How long a network with spanning tree is down: at its start, when a link fails, and when a link
-- fails without anybody seeing it.
--
-- Three switches in a ring; s1 is the root, and s3 blocks its port to s2.  A host at s1 pings one at
-- s3.
--
-- Look at
--   states.png        the port of s3 to s1 and its port to s2: blocking, listening, learning,
--                     forwarding
--   s3-eth2.pcap      the root's BPDUs come every 2 s.  They are all that s3 knows of the root.
--
-- With rstp-failover.lua beside it: what the rapid protocol makes of the same failures.
--
-- tags: lab switch stp ping
-- needs: switch stp ping
local net = weft.network()
local r = net:ring { switches = 3, stp = "stp", rate = "1Gbps", delay = "5us", hosts = 1 }
for i = 1, 3 do r[i]:stp { priority = 4096 * i } end
local direct, around = r.links[3]:at(r[3]), r.links[2]:at(r[3])
direct:capture()
direct:record("stp_state")
around:record("stp_state")
net:plot { "stp_state", of = { direct, around }, name = "states" }

local function ping(name, from, to)
  return r.hosts[1]:ping(r.hosts[3], { name = name, start = from, count = (to - from) * 10,
                                       interval = "100ms" })
end
local start, failure, silent = ping("start", 0, 60), ping("failure", 90, 160), ping("silent", 390, 480)
net:at("100s", function() r.links[3]:down() end)
net:at("200s", function() r.links[3]:up() end)
net:at("401s", function() r.links[3]:down { silent = true } end)
net:run("60s")
local cold = start.longest_gap
expect.equal(direct.stp.role, "root")
expect.equal(around.stp.role, "alternate")
expect.equal(around.stp.state, "blocking")
net:run("480s")

-- IEEE 802.1D-1998: a port that is to forward listens and learns for a forward delay of 15 s each
-- (8.4, table 8-3); what was heard is good for max age, 20 s, and a hello comes every 2 s.
local forward_delay, max_age, hello = 15, 20, 2
local states = around:series("stp_state")
expect.near(cold, 2 * forward_delay, 4, "cold start: listening and learning")
expect.near(failure.longest_gap, 2 * forward_delay, 1.2, "the port that was blocked listens and learns")
expect.between(silent.longest_gap, max_age - hello + 2 * forward_delay, max_age + 2 * forward_delay + 1.2,
               "first the root's last word has to age")
expect.equal(states:at(99), 1, "blocking")
expect.equal(states:at(114), 2, "listening")
expect.equal(states:at(129), 3, "learning")
expect.equal(states:at(131), 4, "forwarding")
expect.equal(states:at(201), 1, "the link is back: it blocks at once, and the other one needs 30 s again")
