-- tags: language sockets tcp udp
-- Processes and their sockets: what blocks, what is returned, who is woken when.

local function fails(text, fn, ...)
  local ok, message = pcall(fn, ...)
  expect(not ok and message:find(text, 1, true), "wanted: " .. text .. "; got: " .. tostring(message))
end

local net = weft.network()
local a, b, r = net:host("a"), net:host("b"), net:router("r")
net:link(a, r, { rate = "100Mbps", delay = "5ms" })
local last = net:link(r, b, { rate = "100Mbps", delay = "5ms" })
local done = {}

-- A request and its answer, in words that read like blocking code.
b:spawn(function()
  local l = b:listen(80)
  expect.equal(l.state, "LISTEN")
  expect.equal(l.port, 80)
  while true do
    local c = l:accept()
    b:spawn(function(s)
      local request = ""
      repeat
        local data = s:recv()
        if not data then return end
        request = request .. data
      until request:find("\r\n\r\n", 1, true)
      expect.equal(request, "GET / HTTP/1.0\r\n\r\n")
      s:send("HTTP/1.0 200 OK\r\n\r\n")
      sleep("100ms")
      s:send("hello")
      s:close()
    end, c)
  end
end)
a:spawn(function()
  sleep("10ms")
  local s = assert(a:connect(b, 80))
  -- The datagrams below make a and r look for each other, until 10 ms, and r and b, from 15 to 25 ms; the
  -- SYN waits with them.
  expect.near(now(), 0.04, "1ms", "25 ms to leave r, 5 to b, 10 back")
  expect.equal(s.state, "ESTABLISHED")
  expect.equal(s.peer_address, b.ip)
  expect.equal(s.peer_port, 80)
  expect.equal(s.address, a.ip)
  expect(s.writable and not s.readable and not s.hangup and s.open)
  expect.equal(s:send("GET / HTTP/1.0\r\n"), 16)
  expect.equal(s:send("\r\n"), 2)
  local got = {}
  for data in function() return s:recv() end do got[#got + 1] = data end
  expect.equal(table.concat(got, "|"), "HTTP/1.0 200 OK\r\n\r\n|hello")
  expect.equal(s:recv(), nil, "the end stays the end")
  expect(s:close())
  expect(not s.open)
  expect.equal(select(2, s:recv()), "EBADF")
  expect.equal(select(2, s:close()), "EBADF")
  done.http = now()
end)

-- Errors have names; nothing is raised.
a:spawn(function()
  sleep("1s")
  local s, problem = a:connect(b, 70)
  expect.equal(s, nil)
  expect.equal(problem, "ECONNREFUSED")
  expect.equal(select(2, a:connect("192.168.7.7:80")), "ENETUNREACH", "the router says so")
  fails("ECONNREFUSED", function() assert(a:connect(b, 70)) end)
  s = a:socket()
  expect.equal(select(2, s:recv()), "ENOTCONN")
  expect.equal(select(2, s:send("x")), "EPIPE")
  expect.equal(select(2, s:accept()), "EINVAL")
  expect.equal(select(2, s:shutdown()), "ENOTCONN")
  expect(s:bind(5000))
  expect.equal(select(2, s:bind(5000)), "EINVAL")
  expect.equal(select(2, a:listen(5000)), "EADDRINUSE")
  expect.equal(select(2, s:bind(5001, "10.9.9.9")), "EINVAL")
  expect.equal(select(2, a:socket():bind(5001, "10.9.9.9")), "EADDRNOTAVAIL")
  expect(s:listen(1))
  done.errors = true
end)

-- Options by Linux's names; strict about names and ranges.
a:spawn(function()
  local s = a:socket()
  expect.equal(s:sockopt("TCP_NODELAY"), false)
  expect.equal(s:sockopt("TCP_NODELAY", true), true)
  expect.equal(s:sockopt("SO_RCVBUF", 10000), 20000)
  expect.equal(s:sockopt("TCP_CONGESTION"), "cubic")
  expect.equal(s:sockopt("TCP_CONGESTION", "reno"), "reno")
  expect.equal(select(2, s:sockopt("TCP_CONGESTION", "vodka")), "ENOENT")
  expect.equal(select(2, s:sockopt("TCP_MAXSEG", 10)), "EINVAL")
  expect.equal(s:sockopt("SO_RCVBUF", "10kB"), 20000)
  expect.equal(s:sockopt("TCP_KEEPIDLE", "2min"), 120)
  expect.equal(s:sockopt("TCP_USER_TIMEOUT", "1.5s"), 1500)
  expect.equal(s:sockopt("TCP_CORK", "yes"), true)
  expect.equal(s:sockopt("IP_LOCAL_PORT_RANGE", { 40000, 40010 }), 40000 + (40010 << 16))
  expect.equal(s:sockopt("IP_LOCAL_PORT_RANGE", 40000 + (40011 << 16)), 40000 + (40011 << 16))
  fails("TCP_KEEPIDLE 1500ms: it counts whole seconds", s.sockopt, s, "TCP_KEEPIDLE", "1500ms")
  fails("SO_LINGER 100ms: it counts whole seconds", s.sockopt, s, "SO_LINGER", "100ms")
  fails("SO_RCVBUF 3GB: at most 2147483647 bytes", s.sockopt, s, "SO_RCVBUF", "3GB")
  fails("write { first, last }", s.sockopt, s, "IP_LOCAL_PORT_RANGE", { 1 })
  fails('TCP_NODELAY must be true or false, not a table', s.sockopt, s, "TCP_NODELAY", {})
  expect.equal(s:sockopt("SO_LINGER"), false)
  expect.equal(s:sockopt("SO_LINGER", "2s"), 2)
  expect.equal(s:sockopt("SO_LINGER", false), false)
  expect.equal(s:sockopt("SO_RCVTIMEO", "1500ms"), 1.5)
  expect.equal(s:sockopt("SO_ERROR"), 0)
  expect.equal(s:sockopt("TCP_INFO").tcpi_state, 7)
  fails("unknown option `TCP_NODELAI`; did you mean `TCP_NODELAY`?", s.sockopt, s, "TCP_NODELAI")
  fails("TCP_INFO can only be read", s.sockopt, s, "TCP_INFO", 1)
  fails("unknown option `SO_RCVBUFF`; did you mean `SO_RCVBUF`?", a.listen, a, 90, { sockopt = { SO_RCVBUFF = 1 } })
  fails("sockopt: TCP_KEEPCNT = 1000: EINVAL", a.listen, a, 90, { sockopt = { TCP_KEEPCNT = 1000 } })
  fails("unknown option `backlock`; did you mean `backlog`?", a.listen, a, 90, { backlock = 1 })
  fails("use one of tcp, udp", a.connect, a, b, 90, { proto = "sctp" })
  fails("unknown option `peak`; did you mean `peek`?", s.recv, s, { peak = true })
  fails("the data must be a text", s.send, s, 12)
  fails("use one of read, write, both", s.shutdown, s, "all")
  fails("the process runs on a, not on b", b.listen, b, 90)
  done.options = true
end)

-- Time-outs, peeking, waiting for all, low-water mark.
b:spawn(function()
  local l = b:listen(81, { backlog = 1, sockopt = { SO_RCVTIMEO = "500ms" } })
  expect.equal(select(2, l:accept()), "EAGAIN")
  expect.equal(now(), 0.5)
  l:sockopt("SO_RCVTIMEO", 0)
  sleep("2s")
  local s = l:accept()
  expect.equal(s:recv(3, { peek = true }), "abc")
  expect.equal(s:ioctl("SIOCINQ"), 6)
  expect.equal(s:recv(12, { all = true }), "abcdefghijkl")
  expect.equal(select(2, s:recv({ nowait = true })), "EAGAIN")
  s:sockopt("SO_RCVLOWAT", 4)
  expect.equal(s:recv(), "mnop")
  s:sockopt("SO_RCVTIMEO", "100ms")
  local before = now()
  expect.equal(select(2, s:recv()), "EAGAIN")
  expect.near(now() - before, 0.1, 1e-9)
  expect.equal(s:recv(12, { all = true }), nil, "nothing in 100 ms")
  s:close()
  done.timeouts = true
end)
a:spawn(function()
  sleep("2s")
  local s = assert(a:connect(b, 81))
  s:send("abcdef")
  sleep("1s")
  s:send("ghijkl")
  for c in ("mnop"):gmatch(".") do sleep("300ms") s:send(c) end
  expect.equal(s:ioctl("SIOCOUTQ"), 1)
  expect.equal(s:ioctl("SIOCOUTQNSD"), 0)
  s:recv()
end)

-- Urgent data: out of band on one side, in line on the other.
b:spawn(function()
  local s = b:listen(8404):accept()
  local r, w, u = weft.select { read = { s }, urgent = { s } }
  expect.equal(#u, 1)
  expect.equal(s.urgent, true)
  expect.equal(s:recv { oob = true }, "!")
  expect.equal(select(2, s:recv { oob = true }), "EINVAL")
  expect.equal(s:recv(), "stop")
  expect.equal(s:ioctl("SIOCATMARK"), 1)
  expect.equal(s:recv(), "go on")
  expect.equal(s:ioctl("SIOCATMARK"), 0)
  s:sockopt("SO_OOBINLINE", true)
  s:send("?", { oob = true })
  expect.equal(s:recv(), "a")
  expect.equal(s:recv(), "b")
  done.urgent = true
end)
a:spawn(function()
  sleep("1s")
  local s = assert(a:connect(b, 8404))
  s:send("stop!", { oob = true })
  s:send("go on")
  weft.select { urgent = { s } }
  expect.equal(s:recv { oob = true, peek = true }, "?")
  s:send("ab", { oob = true })
  sleep("1s")
end)

-- A large text is sent whole, while the buffers are small.
local big = string.rep("0123456789", 20000)
b:spawn(function()
  local s = b:listen(82, { sockopt = { SO_RCVBUF = 20000 } }):accept()
  local got = {}
  for data in function() return s:recv("10kB") end do got[#got + 1] = data end
  expect(table.concat(got) == big, "all of it, in order")
  done.big = now()
end)
a:spawn(function()
  sleep("5s")
  local s = assert(a:connect(b, 82, { sockopt = { SO_SNDBUF = 20000 } }))
  expect.equal(s:send(big), #big)
end) -- the end closes the socket

-- Datagrams.
b:spawn(function()
  local s = b:listen(53, { proto = "udp" })
  for i = 1, 3 do
    local data, from, port = s:recv()
    expect.equal(from, a.ip)
    s:send("re: " .. data, { to = from, port = port })
  end
  s:close()
end)
a:spawn(function()
  local s = a:connect(b, 53, { proto = "udp" })
  expect.equal(s:send("one"), 3)
  local data, from, port = s:recv()
  expect.equal(data, "re: one")
  expect.equal(port, 53)
  s:send("")
  expect.equal(s:recv(), "re: ")
  local t = a:socket("udp")
  expect.equal(select(2, t:send("x")), "EDESTADDRREQ")
  t:send("three", { to = b, port = 53 })
  expect.equal(t:recv(4), "re: ", "the rest of a datagram is lost")
  sleep("1ms")
  s:send("nobody")
  expect.equal(select(2, s:recv()), "ECONNREFUSED")
  s:shutdown("read")
  expect.equal(s:recv(), nil, "nothing will come")
  done.udp = true
end)

-- Several sockets at once: who is ready, in the order of the list; or the time is up.
b:spawn(function()
  local l, m = b:listen(84), b:listen(85)
  local started = now()
  local read, write = weft.select { read = { l, m }, timeout = "250ms" }
  expect.equal(#read + #write, 0)
  expect.near(now() - started, 0.25, 1e-9)
  local conns = { l, m }
  local texts, ended = {}, 0
  while ended < 2 do
    for _, s in ipairs((weft.select { read = conns })) do
      if s.state == "LISTEN" then
        conns[#conns + 1] = s:accept()
      else
        local data = s:recv()
        if data then
          texts[#texts + 1] = data
        else
          ended = ended + 1
          for i, c in ipairs(conns) do if c == s then table.remove(conns, i) end end
          s:close()
        end
      end
    end
  end
  expect.equal(table.concat(texts, " "), "first second third")
  done.select = true
end)
a:spawn(function()
  sleep("7s")
  local s, t = a:connect(b, 84), a:connect(b, 85)
  t:send("first") sleep("100ms")
  s:send("second") sleep("100ms")
  t:send("third")
  t:close()
  s:close()
end)

-- Not blocking: connect goes on in the background, select says when.
a:spawn(function()
  sleep("8s")
  local s = assert(a:connect(b, 80, { nonblock = true }))
  expect.equal(s.state, "SYN_SENT")
  expect.equal(select(2, s:connect(b, 80)), "EALREADY")
  expect.equal(select(2, s:recv()), "EAGAIN")
  local _, write = weft.select { write = { s } }
  expect(write[1] == s)
  expect.equal(s:sockopt("SO_ERROR"), 0)
  expect.equal(s:connect(b, 80), true)
  expect.equal(select(2, s:connect(b, 80)), "EISCONN")
  s.nonblock = false
  s:sockopt("SO_LINGER", 0)
  s:send("x")
  s:close()
  done.nonblock = true
end)

-- A process that is killed closes its sockets; its peer reads the end of the stream.
local victim = b:spawn(function() b:listen(86):accept():recv() end)
a:spawn(function()
  sleep("9s")
  local s = assert(a:connect(b, 86))
  sleep("100ms")
  expect(victim.running)
  victim:kill()
  expect(not victim.running)
  victim:kill()
  expect.equal(s:recv(), nil)
  expect.equal(select(2, a:connect(b, 86)), "ECONNREFUSED")
  done.kill = true
end)

-- Several processes accept from one listener; the end of one leaves it to the others.
local served = {}
local shared = b:listen(88)
for i = 1, 2 do
  b:spawn(function()
    local s = shared:accept()
    served[#served + 1] = i .. s:recv()
  end)
end
a:spawn(function()
  sleep("9500ms")
  for i = 1, 2 do
    local s = assert(a:connect(b, 88))
    s:send("x" .. i)
    sleep("100ms")
    expect.equal(s:recv(), nil, "the process that served it has ended")
  end
  expect.equal(table.concat(served, " "), "1x1 2x2", "the first to wait is the first to be served")
  done.shared = true
end)

-- SO_LINGER: close waits for the last acknowledgement.
b:spawn(function() b:listen(87):accept():recv() end)
a:spawn(function()
  sleep("10s")
  local s = assert(a:connect(b, 87, { sockopt = { SO_LINGER = "5s" } }))
  local before = now()
  s:send("last words")
  s:close()
  expect.near(now() - before, 0.02, "2ms", "one round trip")
  done.linger = true
end)

-- Fast Open: the second connection's data goes with its SYN, and a round trip is saved.
b:sysctl("net.ipv4.tcp_fastopen", 3)
b:spawn(function()
  local l = b:listen(89, { sockopt = { TCP_FASTOPEN = 5 } })
  while true do
    local s = l:accept()
    s:send("re: " .. s:recv())
    s:close()
  end
end)
a:spawn(function()
  sleep("10500ms")
  for _, trips in ipairs { 2, 1 } do
    local s, start = a:socket(), now()
    expect.equal(s:send("hello", { fastopen = true, to = b, port = 89 }), 5)
    expect.equal(s:recv(), "re: hello")
    expect.near(now() - start, trips * 0.02, "2ms")
    s:close()
    sleep("100ms")
  end
  done.fastopen = true
end)

-- Processes woken at one instant run in the order of their waking, whatever the names.
local order = {}
for _, name in ipairs { "z", "m", "a" } do
  a:spawn(function() sleep("11s") order[#order + 1] = name end)
end

-- sysctls: all of them, by name.
local all = a:sysctl()
expect.equal(all["net.ipv4.tcp_syn_retries"], "6")
expect.equal(all["net.core.rmem_default"], "212992")
expect.equal(a:sysctl("net.core.rmem_default", 5000), "5000")
expect.equal(b:sysctl("net.core.rmem_default"), "212992")
fails("give a number from 2304", a.sysctl, a, "net.core.rmem_default", 1)
fails("did you mean \"net.core.rmem_default\"?", a.sysctl, a, "net.core.rmem_defalt")

-- Outside a process nothing can wait.
fails("only a process can wait", sleep, 1)
fails("only a process can wait", a.connect, a, b, 80)
fails("only a process can wait", weft.select, { timeout = 1 })
fails("what to run must be a function", a.spawn, a, 12)

-- Left over at the end: a process that waits for ever.
a:spawn(function() a:listen(99):accept() end)

net:run("12s")
local shown = net:show("sockets", a)
expect(shown:find("LISTEN +%*:99"), "what listens is shown")
expect(not shown:find("UDP"), "and what is closed is not")
expect.equal(table.concat(order, " "), "z m a")
for _, what in ipairs { "http", "errors", "options", "timeouts", "urgent", "big", "udp", "select", "nonblock", "kill", "linger", "shared", "fastopen" } do
  expect(done[what], what .. " came to its end")
end

-- Timestamps have a clock for each pair of addresses and ports, which goes on when the ports are used again (seen of
-- Linux 6.18; RFC 7323, 7.1).
do
  local net = weft.network { name = "timestamps" }
  local a, b = net:host("a"), net:host("b")
  local link = net:link(a, b, { delay = "1ms" })
  local said = {}
  link:set { loss = { ab = function(p)
    if p.tcp and p.tcp.flags.syn then said[#said + 1] = { time = p.time * 1000, clock = p.tcp.options.timestamp.tsval } end
    return false
  end } }
  b:spawn(function()
    local l = b:listen(80)
    while true do l:accept():close() end
  end)
  a:spawn(function()
    for _, port in ipairs { 5000, 5001, 5000 } do
      local s = a:connect(b, 80, { sport = port, sockopt = { SO_LINGER = 0 } })
      s:close()
      sleep("100ms")
    end
  end)
  net:run("1s")
  local function passed(x, y) return (said[y].clock - said[x].clock) & 0xffffffff end
  expect.near(passed(1, 3), said[3].time - said[1].time, 5, "the same ports: milliseconds, and ARP at first")
  expect.above(math.abs(passed(1, 2) - (said[2].time - said[1].time)), 1000, "another port: another clock")
end

-- As ss(8) lists them: a listener, handshakes, and what is left of a connection for 60 s (RFC 9293 3.6.1, Linux's
-- TCP_TIMEWAIT_LEN); an orphan in FIN_WAIT2 for net.ipv4.tcp_fin_timeout.
do
  local net = weft.network { name = "listed" }
  local a, b = net:host("a", { sysctl = { ["net.ipv4.tcp_fin_timeout"] = 30 } }), net:host("b")
  net:link(a, b, { delay = "10ms" })
  local named
  b:spawn(function()
    local l, held = b:listen(80), {}
    while true do
      local s = l:accept()
      if l.node and #held == 0 then
        s:recv()
        s:close()
      end
      held[#held + 1] = s
    end
  end)
  a:spawn(function()
    local first = a:connect(b, 80)
    first:close() -- and the other end closes, too: TIME_WAIT
    a:connect(b, 80):close() -- the other end does not: FIN_WAIT2
    local udp = a:connect(b, 53, { proto = "udp" })
    named = tostring(udp)
    sleep("20s")
  end)
  net:run("1s")
  local function states(node)
    local list = {}
    for i, s in ipairs(node:sockets()) do list[i] = s.state end
    return table.concat(list, " ")
  end
  expect(named:find("^socket %d+%.%d+%.%d+%.%d+:%d+ to %d+%.%d+%.%d+%.%d+:53$"), named)
  expect.equal(states(a), "TIME_WAIT FIN_WAIT2 UDP")
  local kept = a:sockets()
  expect.near(kept[1].left, 59, 0.2)
  expect.near(kept[2].left, 29, 0.2)
  expect.equal(kept[1].peer_address, b.ip)
  expect.equal(kept[1].peer_port, 80)
  expect.equal(kept[1].address, a.ip)
  expect.equal(b:sockets()[1].state .. " " .. b:sockets()[1].address .. " " .. b:sockets()[1].port, "LISTEN 0.0.0.0 80")
  expect(net:show("sockets", a):find("TIME_WAIT"), "TIME_WAIT is shown")
  net:run("45s")
  expect.equal(states(a), "TIME_WAIT")
  net:run("70s")
  expect.equal(states(a), "")
end

-- MSG_TRUNC (recv(2), tcp(7)): a stream's bytes are thrown away, of a datagram the whole length is told.
do
  local net = weft.network { name = "trunc" }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b)
  b:spawn(function()
    local s = b:listen(80):accept()
    expect.equal(s:recv(4, { all = true, peek = true }), "abcd")
    expect.equal(s:recv(4, { trunc = true }), 4)
    expect.equal(s:recv(), "efgh")
    expect.equal(s:recv { trunc = true }, nil)
  end)
  a:spawn(function()
    local s = a:connect(b, 80)
    s:send("abcdefgh")
    s:close()
  end)
  b:spawn(function()
    local s = b:listen(53, { proto = "udp" })
    local part, from, port, length = s:recv(4, { trunc = true, peek = true })
    expect.equal(part, "hell")
    expect.equal(from, a.ip)
    expect.equal(length, 11)
    expect.equal(select(4, s:recv { trunc = true }), 11)
    expect.equal(s:recv(4, { trunc = true }), "x")
  end)
  a:spawn(function()
    local s = a:connect(b, 53, { proto = "udp" })
    s:send("hello world")
    s:send("x")
    s:disconnect()
    expect.equal(s:send("y"), nil)
  end)
  net:run("1s")
end
