-- Sysctls that show on the wire, each off and on.
--
-- tags: regression sysctl
-- needs: tcp udp
local function hosts(name, mtu)
  local net = weft.network { name = name }
  local a, r, b = net:host("a"), net:router("r"), net:host("b")
  net:link(a, r, { rate = "100Mbps", delay = "5ms" })
  local far = net:link(r, b, { rate = "100Mbps", delay = "5ms", mtu = mtu })
  return net, a, b, far
end

-- net.ipv4.tcp_reflect_tos: the passive side has the TOS of the peer's SYN, less the ECN field, from the SYN-ACK on.
for reflect = 0, 1 do
  local net, a, b, far = hosts("reflect-" .. reflect)
  b:sysctl("net.ipv4.tcp_reflect_tos", reflect)
  local syn_ack, last
  far:set { loss = { ba = function(p)
    if p.tcp then
      last = p.ip.dsfield.dscp * 4
      if p.tcp.flags.syn then syn_ack = last end
    end
    return false
  end } }
  local child
  b:spawn(function()
    local s = b:listen(80):accept()
    child = s:sockopt("IP_TOS")
    s:send("hello")
  end)
  a:spawn(function() a:connect(b, 80, { sockopt = { IP_TOS = 0x48 } }):recv() end)
  net:run("1s")
  local want = reflect == 1 and 0x48 or 0
  expect.equal(syn_ack, want, "the SYN-ACK's")
  expect.equal(last, want, "the rest")
  expect.equal(child, want, "what getsockopt says")
end

-- What a host learns of the path from "too big" about a datagram of UDP: nothing when the socket is gone (Linux's
-- __udp4_lib_err), and nothing with net.ipv4.ip_no_pmtu_disc 2, nor with 3, which believes TCP alone.
local function path_mtu(name, mode, close)
  local net, a, b = hosts(name, 1000)
  a:sysctl("net.ipv4.ip_no_pmtu_disc", mode)
  local mtu
  a:spawn(function()
    local s = a:connect(b, 7, { proto = "udp", sockopt = { IP_MTU_DISCOVER = 2 } })
    s:send(("x"):rep(1400))
    if close then s:close() end
    sleep("1s")
    mtu = a:connect(b, 8, { proto = "udp" }):sockopt("IP_MTU")
  end)
  net:run("2s")
  return mtu
end
expect.equal(path_mtu("open", 0, false), 1000)
expect.equal(path_mtu("closed", 0, true), 1500)
expect.equal(path_mtu("mode-2", 2, false), 1500)
expect.equal(path_mtu("mode-3", 3, false), 1500)
expect.equal(path_mtu("mode-1", 1, false), 552, "the least there is")

-- net.ipv4.conf.*.arp_evict_nocarrier: neighbours are forgotten when a cable is pulled, unless it is off.
for evict = 0, 1 do
  local net = weft.network { name = "evict-" .. evict }
  local a, b = net:host("a"), net:host("b")
  local link = net:link(a, b, { rate = "100Mbps", delay = "1ms" })
  a:sysctl("net.ipv4.conf.all.arp_evict_nocarrier", evict)
  local requests = 0
  link:set { loss = { ab = function(p)
    if p.arp and p.arp.opcode == 1 then requests = requests + 1 end
    return false
  end } }
  a:ping(b, { count = 5, interval = "1s" })
  net:at("1.5s", function() link:down() end)
  net:at("1.6s", function() link:up() end)
  net:run("4s")
  expect.equal(requests, 1 + evict)
end
