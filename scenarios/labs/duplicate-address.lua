-- Two hosts with the same IP address.
--
-- Who asks for 10.0.0.7 gets two answers.  The first one counts, until the entry is checked again and
-- the other is faster: the same address is one machine now and another one later.  A host that looks
-- before it uses an address (RFC 5227) would have noticed.
--
-- Look at
--   asker.pcap   one question, two answers from two Ethernet addresses
--
-- tags: lab ethernet switch arp
-- needs: switch ping
local net = weft.network()
local s, asker, one, two = net:switch("s"), net:host("asker"), net:host("one"), net:host("two")
net:link(asker, s, { ip = { a = "10.0.0.1/24" } }):capture { name = "asker" }
net:link(one, s, { delay = "1us", ip = { a = "10.0.0.7/24" } })
net:link(two, s, { delay = "50us" })
two:iface(1):address("10.0.0.7/24", { duplicate = true })

local answers, from = 0, {}
asker:iface(1).peer:set { loss = function(p)
  if p.arp and p.arp.opcode == 2 then
    answers = answers + 1
    from[p.eth.src] = true
  end
end }
local p = asker:ping("10.0.0.7", { count = 1 })
net:run("3s")
net:show("arp", asker)
expect.equal(answers, 2, "both answer")
expect(from[one:iface(1).mac] and from[two:iface(1).mac])
expect.equal(p.received, 1)
-- The echo request goes out with the first answer; which of the two is in the table then is another
-- question: a second answer within a second of the first is ignored (locktime).
expect(net:show("arp", asker):find(one:iface(1).mac, 1, true), "the nearer one came first")
