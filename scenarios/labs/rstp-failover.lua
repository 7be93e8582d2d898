-- The failures of stp-failover.lua under the rapid protocol: an alternate port takes over at once,
-- and what is not heard for three hello times is gone.
--
-- Look at
--   states.png        the port of s3 to s1 and its port to s2
--   s3-eth2.pcap      at the start proposals and agreements; then the designated port's BPDUs, every
--                     2 s, which now say that the neighbour lives, not only that the root does
--
-- tags: lab switch stp ping
-- needs: switch stp ping
local net = weft.network()
local r = net:ring { switches = 3, stp = "rstp", rate = "1Gbps", delay = "5us", hosts = 1 }
for i = 1, 3 do r[i]:stp { priority = 4096 * i } end
local direct, around = r.links[3]:at(r[3]), r.links[2]:at(r[3])
direct:capture()
direct:record("stp_state", "stp_role")
around:record("stp_state", "stp_role")
net:plot { "stp_state", "stp_role", of = { direct, around }, name = "states" }

local function ping(name, from, to)
  return r.hosts[1]:ping(r.hosts[3], { name = name, start = from, count = (to - from) * 100,
                                       interval = "10ms" })
end
local start, failure, back = ping("start", 0, 10), ping("failure", 19, 25), ping("back", 29, 35)
local silent = ping("silent", 50, 65)
net:at("20s", function() r.links[3]:down() end)
net:at("30s", function() r.links[3]:up() end)
net:at("51s", function() r.links[3]:down { silent = true } end)
net:run("70s")

-- IEEE 802.1D-2004: a port to a host is taken for an edge port when no BPDU came in for 3 s
-- (17.25, table 17-1); between switches no timer is waited for.
expect.equal(direct:series("stp_state"):at(0.1), 4, "the tree stands within 0.1 s")
expect.near(start.longest_gap, 3, 1.2, "cold start: the hosts' ports wait to see whether a switch is there")
expect.below(failure.longest_gap, "100ms", "the alternate port forwards at once")
expect.equal(around:series("stp_role"):at(19), 1, "alternate")
expect.equal(around:series("stp_role"):at(20.01), 4, "root")
expect.below(back.longest_gap, "100ms", "nor does the link's return cost anything")
-- 17.21.23: three hello times, of which up to one has passed.
expect.between(silent.longest_gap, 4, 6.1, "silent failure")
