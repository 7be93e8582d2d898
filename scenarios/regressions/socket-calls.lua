-- What calls of sockets return, call by call, against Linux 6.18.
--
-- Each conversation is a table of calls on two hosts, one every 40 ms: who, which socket, what, and what came of it on
-- that kernel, where the same calls were made from two network namespaces on one cable.  All sockets are non-blocking.
-- An ephemeral port shows as "eph", any address as "*", and poll as the letters of POLLIN, PRI, OUT and HUP.
--
-- tags: regression socket tcp udp
-- needs: tcp udp
local step = 0.04
local address = { A = "10.9.0.1", B = "10.9.0.2" }

local function where(word)
  local host, port = word:match("^(.*):(%d+)$")
  return address[host] or host, tonumber(port)
end

local function port_name(port) return port < 30000 and port or "eph" end

-- What a call returns, as a word.
local function result(value, problem, to_word)
  if value == nil and problem then return problem end
  return to_word and to_word(value) or tostring(value)
end
local function done() return "ok" end

local function received(value)
  return value == nil and "eof" or ("%d:%s"):format(#value, value:sub(1, 8))
end

local function flags(words, first)
  local options = { nowait = true }
  for i = first, #words do
    local to = words[i]:match("^to=(.*)$")
    if to then options.to, options.port = where(to) else options[words[i]] = true end
  end
  return options
end

local calls = {}
function calls.bind(s, words)
  local host, port = where(words[1])
  local ok, problem
  if host == "*" then ok, problem = s:bind(port) else ok, problem = s:bind(port, host) end
  return result(ok, problem, done)
end
function calls.connect(s, words)
  local ok, problem = s:connect(where(words[1]))
  return result(ok, problem, done)
end
function calls.listen(s, words)
  local ok, problem = s:listen(tonumber(words[1]))
  return result(ok, problem, done)
end
function calls.accept(s, words, sockets)
  local child, problem = s:accept()
  if child then child.nonblock, sockets[words[1]] = true, child end
  return result(child, problem, done)
end
function calls.send(s, words)
  local n = tonumber(words[1])
  local sent, problem = s:send(n and ("x"):rep(n) or words[1], flags(words, 2))
  return result(sent, problem)
end
function calls.recv(s, words)
  local data, problem = s:recv(tonumber(words[1]), flags(words, 2))
  return result(data, type(problem) == "string" and not data and problem or nil, received)
end
function calls.shut(s, words)
  local ok, problem = s:shutdown(words[1])
  return result(ok, problem, done)
end
function calls.close(s) s:close() return "ok" end
function calls.set(s, words)
  local ok, problem = s:sockopt(words[1], tonumber(words[2]))
  return result(ok, problem, done)
end
function calls.get(s, words)
  local value, problem = s:sockopt(words[1])
  if type(value) == "boolean" then value = value and 1 or 0 end
  return result(value, problem)
end
function calls.ioctl(s, words) return result(s:ioctl(words[1])) end
function calls.poll(s)
  local text = (s.readable and "I" or "") .. (s.urgent and "P" or "") .. (s.writable and "O" or "") .. (s.hangup and "H" or "")
  return text == "" and "-" or text
end
function calls.name(s)
  local host = s.address
  return (host and host ~= "0.0.0.0" and host or "*") .. ":" .. port_name(s.port or 0)
end
function calls.peer(s)
  return s.peer_address and s.peer_address .. ":" .. port_name(s.peer_port) or "ENOTCONN"
end

local function network(name)
  local net = weft.network { name = name }
  local hosts = { A = net:host("A"), B = net:host("B") }
  net:link(hosts.A, hosts.B, { rate = "1Gbps", delay = "100us", ip = { a = "10.9.0.1/24", b = "10.9.0.2/24" } })
  return net, hosts
end

-- Makes one call for host `host`; words: socket, call, arguments.
local function call(host, sockets, name, what, rest)
  if what == "tcp" or what == "udp" then
    sockets[name] = host:socket(what)
    sockets[name].nonblock = true
    return "ok"
  end
  return calls[what](sockets[name], rest, sockets)
end

-- Makes the calls, a list of { host, socket, call, arguments }; returns what came of each.
local function play(name, list)
  local net, hosts = network(name)
  local got = {}
  for who, host in pairs(hosts) do
    host:spawn(function()
      local sockets = {}
      for i, c in ipairs(list) do
        if c[1] == who then
          sleep(i * step - now())
          got[i] = call(host, sockets, c[2], c[3], c[4])
        end
      end
      sleep("1h") -- what is open stays open
    end)
  end
  net:run((#list + 1) * step)
  return got
end

local function words_of(text)
  local words = {}
  for word in text:gmatch("%S+") do words[#words + 1] = word end
  return words
end

local function conversation(name, text)
  local list, lines = {}, {}
  for line, want in text:gmatch("([^\n]-) %-> ([^\n]+)") do
    local words = words_of(line)
    list[#list + 1] = { words[1], words[2], words[3], { table.unpack(words, 4) } }
    lines[#lines + 1] = { line, want }
  end
  local got = play(name, list)
  for i, line in ipairs(lines) do expect.equal(got[i], line[2], ("%s, %d: %s"):format(name, i, line[1])) end
end

conversation("connect-twice", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s poll -> OH
A s peer -> ENOTCONN
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
A s connect B:80 -> EISCONN
A s peer -> 10.9.0.2:80
A s get SO_ERROR -> 0
A s listen 5 -> EINVAL
A s bind A:5000 -> EINVAL
A s accept x -> EINVAL
A s poll -> O
B l accept c -> ok
B l accept d -> EAGAIN
B l poll -> -
B c name -> 10.9.0.2:80
B c peer -> 10.9.0.1:eph
B l name -> *:80
B l peer -> ENOTCONN
B l connect A:80 -> EISCONN
B l send hello -> EPIPE
B l recv 10 -> ENOTCONN
B l poll -> -
B l get SO_ACCEPTCONN -> 1
B c get SO_ACCEPTCONN -> 0
B l ioctl SIOCINQ -> EINVAL
B l ioctl SIOCOUTQ -> EINVAL
B l ioctl SIOCOUTQNSD -> EINVAL
B l ioctl SIOCATMARK -> 0
B l shut read -> ok
B l listen 3 -> EADDRINUSE
]])
conversation("refused", [[
A s tcp -> ok
A s connect B:81 -> EINPROGRESS
A s poll -> IOH
A s connect B:81 -> ECONNREFUSED
A s connect B:81 -> EINPROGRESS
A s get SO_ERROR -> ECONNREFUSED
A s poll -> IOH
A s send x -> EPIPE
A s recv 5 -> eof
A t tcp -> ok
A t connect B:81 -> EINPROGRESS
A t get SO_ERROR -> ECONNREFUSED
A t get SO_ERROR -> 0
A t poll -> IOH
A t recv 5 -> eof
A t send 5 -> EPIPE
A u tcp -> ok
A u connect B:81 -> EINPROGRESS
A u send 5 -> ECONNREFUSED
A u send 5 -> EPIPE
A u recv 5 -> eof
A u recv 5 -> eof
A u name -> 10.9.0.1:eph
A v tcp -> ok
A v connect B:81 -> EINPROGRESS
A v recv 5 -> ECONNREFUSED
A v recv 5 -> eof
A v get SO_ERROR -> 0
]])
conversation("bind", [[
A s tcp -> ok
A s name -> *:0
A s bind A:5000 -> ok
A s bind A:5000 -> EINVAL
A s bind A:5001 -> EINVAL
A s name -> 10.9.0.1:5000
A t tcp -> ok
A t bind A:5000 -> EADDRINUSE
A t bind *:5000 -> EADDRINUSE
A t bind 10.9.0.9:5000 -> EADDRNOTAVAIL
A t bind 127.0.0.1:5000 -> ok
A t name -> 127.0.0.1:5000
A u tcp -> ok
A u set SO_REUSEADDR 1 -> ok
A u bind A:5000 -> EADDRINUSE
A v udp -> ok
A v bind A:5000 -> ok
A v bind A:5001 -> EINVAL
A w udp -> ok
A w bind *:5000 -> EADDRINUSE
A w bind 10.9.0.9:5000 -> EADDRNOTAVAIL
A w bind A:0 -> ok
A w name -> 10.9.0.1:eph
A s listen 5 -> ok
A x tcp -> ok
A x listen 5 -> ok
A x name -> *:eph
A y tcp -> ok
A y bind 224.0.0.1:99 -> ok
A y bind 10.9.0.255:99 -> EINVAL
A z udp -> ok
A z bind 224.0.0.1:99 -> ok
A z bind 10.9.0.255:99 -> EINVAL
A z2 udp -> ok
A z2 bind 10.9.0.255:98 -> ok
]])
conversation("shutdown", [[
A u tcp -> ok
A u shut write -> ENOTCONN
A u shut both -> ENOTCONN
A u poll -> IOH
A u send 5 -> EPIPE
A u recv 5 -> eof
A d udp -> ok
A d shut write -> ENOTCONN
A d connect B:99 -> ok
A d shut read -> ok
A d poll -> IOH
A d shut write -> ok
A d send 5 -> EPIPE
A d recv 5 -> EAGAIN
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
A s shut write -> ok
A s poll -> O
A s send 5 -> EPIPE
A s send 5 -> EPIPE
A s shut write -> ok
A s recv 5 -> EAGAIN
B c poll -> IO
B c recv 5 -> eof
B c recv 5 -> eof
B c send hello -> 5
A s poll -> IO
A s recv 3 -> 3:hel
A s recv 3 -> 2:lo
A s recv 3 -> EAGAIN
A s shut read -> ok
A s poll -> IOH
A s recv 3 -> eof
B c send hello -> 5
A s poll -> IOH
A s recv 3 -> ECONNRESET
B c poll -> IOH
A s ioctl SIOCINQ -> 0
B c close -> ok
A s poll -> IOH
A s recv 3 -> eof
A s shut read -> ENOTCONN
A s shut both -> ENOTCONN
A s peer -> ENOTCONN
A s name -> 10.9.0.1:eph
]])
conversation("shut-read", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
A s shut read -> ok
A s poll -> IO
A s recv 5 -> eof
B c send hello -> 5
A s poll -> IO
A s recv 3 -> 3:hel
A s recv 5 -> 2:lo
A s recv 5 -> eof
A s send 5 -> 5
B c recv 9 -> 5:xxxxx
A s shut write -> ok
B c recv 9 -> eof
B c send 4 -> 4
B c send 4 -> EPIPE
B c poll -> IOH
B c get SO_ERROR -> 0
A s peer -> ENOTCONN
]])
conversation("reset", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
B c send hello -> 5
B c set SO_LINGER 0 -> ok
B c close -> ok
A s poll -> IOH
A s send 5 -> ECONNRESET
A s send 5 -> EPIPE
A s recv 5 -> 5:hello
A s recv 5 -> eof
A s get SO_ERROR -> 0
A s poll -> IOH
A s peer -> ENOTCONN
A s name -> 10.9.0.1:eph
A s ioctl SIOCINQ -> 0
A s ioctl SIOCOUTQ -> 0
A s connect B:80 -> EISCONN
]])
conversation("reset2", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
B c set SO_LINGER 0 -> ok
B c close -> ok
A s poll -> IOH
A s recv 5 -> ECONNRESET
A s recv 5 -> eof
A s send 5 -> EPIPE
A s get SO_ERROR -> 0
A s shut both -> ENOTCONN
A s connect B:80 -> EISCONN
A s connect B:80 -> EISCONN
A s send 5 -> EPIPE
B l accept e -> EAGAIN
]])
conversation("reset3", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
B c set SO_LINGER 0 -> ok
B c close -> ok
A s get SO_ERROR -> ECONNRESET
A s get SO_ERROR -> 0
A s recv 5 -> eof
A s send 5 -> EPIPE
A s poll -> IOH
A s set TCP_NODELAY 1 -> ok
A s get TCP_NODELAY -> 1
A s get TCP_MAXSEG -> 1448
A s bind A:6000 -> ok
A s listen 5 -> EINVAL
]])
conversation("close-unread", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
A s send hello -> 5
B c close -> ok
A s poll -> IOH
A s recv 5 -> ECONNRESET
A s recv 5 -> eof
A s send 3 -> EPIPE
A s get SO_ERROR -> 0
]])
conversation("send-after-fin", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
B c close -> ok
A s poll -> IO
A s recv 5 -> eof
A s send 3 -> 3
A s poll -> IOH
A s send 3 -> EPIPE
A s recv 5 -> eof
A s recv 5 -> eof
A s get SO_ERROR -> 0
A s poll -> IOH
]])
conversation("peek", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
A s send hello -> 5
B c recv 3 peek -> 3:hel
B c recv 9 peek -> 5:hello
B c ioctl SIOCINQ -> 5
B c recv 2 -> 2:he
B c recv 9 peek -> 3:llo
B c ioctl SIOCINQ -> 3
B c recv 2 -> 2:ll
B c recv 9 -> 1:o
B c recv 9 -> EAGAIN
B c recv 9 peek -> EAGAIN
A s close -> ok
B c ioctl SIOCINQ -> 0
B c recv 9 peek -> eof
B c recv 9 -> eof
B c ioctl SIOCINQ -> 0
B c poll -> IO
]])
conversation("inq-fin", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
A s send hello -> 5
A s close -> ok
B c ioctl SIOCINQ -> 5
B c ioctl SIOCOUTQ -> 0
B c recv 2 -> 2:he
B c ioctl SIOCINQ -> 3
B c poll -> IO
B c recv 9 -> 3:llo
B c ioctl SIOCINQ -> 0
B c recv 9 -> eof
B c ioctl SIOCINQ -> 0
B c ioctl SIOCATMARK -> 0
B c send 4 -> 4
B c ioctl SIOCOUTQ -> 4
B c ioctl SIOCOUTQNSD -> 0
]])
conversation("oob", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
B c recv 1 oob -> EINVAL
A s send abc -> 3
A s send de oob -> 2
A s send fgh -> 3
B c poll -> IPO
B c ioctl SIOCATMARK -> 0
B c ioctl SIOCINQ -> 4
B c recv 10 peek -> 4:abcd
B c recv 10 -> 4:abcd
B c ioctl SIOCATMARK -> 1
B c ioctl SIOCINQ -> 0
B c recv 1 oob -> 1:e
B c recv 1 oob -> EINVAL
B c poll -> IO
B c recv 10 -> 3:fgh
B c ioctl SIOCATMARK -> 0
B c ioctl SIOCINQ -> 0
A s send z oob -> 1
B c recv 5 oob peek -> 1:z
B c recv 5 oob -> 1:z
B c set SO_OOBINLINE 1 -> ok
A s send abc -> 3
A s send y oob -> 1
B c recv 1 oob -> EINVAL
B c recv 10 -> 4:zabc
B c ioctl SIOCATMARK -> 1
B c ioctl SIOCINQ -> 1
B c recv 10 -> 1:y
B c ioctl SIOCATMARK -> 0
B c recv 1 oob -> EINVAL
A s send q oob -> 1
B c recv 1 oob -> EINVAL
A s close -> ok
B c recv 1 oob -> EINVAL
B c recv 4 -> 1:q
B c recv 1 oob -> EINVAL
B c recv 4 -> eof
]])
conversation("unconnected", [[
A s tcp -> ok
A s send 5 -> EPIPE
A s recv 5 -> ENOTCONN
A s recv 5 oob -> EINVAL
A s send 1 oob -> EPIPE
A s ioctl SIOCINQ -> 0
A s ioctl SIOCOUTQ -> 0
A s ioctl SIOCOUTQNSD -> 0
A s ioctl SIOCATMARK -> 0
A s peer -> ENOTCONN
A s accept x -> EINVAL
A s get TCP_MAXSEG -> 536
A s get IP_MTU -> ENOTCONN
A s get SO_ERROR -> 0
A s send 0 -> EPIPE
A d udp -> ok
A d send 5 -> EDESTADDRREQ
A d recv 5 -> EAGAIN
A d ioctl SIOCINQ -> 0
A d ioctl SIOCOUTQ -> 0
A d listen 5 -> EOPNOTSUPP
A d accept x -> EOPNOTSUPP
A d peer -> ENOTCONN
A d name -> *:eph
A d send 5 to=B:99 -> 5
A d name -> *:eph
A d poll -> O
A d send 5 to=B:0 -> EINVAL
A d send 1 oob to=B:99 -> EOPNOTSUPP
A d recv 1 oob -> EAGAIN
A d send 70000 to=B:99 -> EMSGSIZE
A d get IP_MTU -> ENOTCONN
A d ioctl SIOCATMARK -> ENOTTY
A d ioctl SIOCOUTQNSD -> ENOTTY
]])
conversation("udp", [[
B l udp -> ok
B l bind *:53 -> ok
A s udp -> ok
A s connect B:54 -> ok
A s send 5 -> 5
A s poll -> O
A s recv 5 -> ECONNREFUSED
A s send 5 -> 5
A s send 5 -> ECONNREFUSED
A s get SO_ERROR -> 0
A s get SO_ERROR -> 0
A s send 5 -> 5
A s get SO_ERROR -> ECONNREFUSED
A s recv 9 -> EAGAIN
A s connect B:53 -> ok
A s send hello -> 5
A s send 0 -> 0
A s send abc -> 3
B l poll -> IO
B l ioctl SIOCINQ -> 5
B l recv 2 peek -> 2:he
B l recv 2 -> 2:he
B l ioctl SIOCINQ -> 0
B l recv 9 -> 0:
B l recv 9 -> 3:abc
B l recv 9 -> EAGAIN
A s send 5 to=B:55 -> 5
A s recv 9 -> EAGAIN
A s peer -> 10.9.0.2:53
A u udp -> ok
A u send 5 to=B:55 -> 5
A u recv 9 -> EAGAIN
A u poll -> O
A u get SO_ERROR -> 0
A s name -> 10.9.0.1:eph
B l connect A:1000 -> ok
A s send 5 -> 5
B l recv 9 -> EAGAIN
A s recv 9 -> ECONNREFUSED
A s recv 9 -> EAGAIN
A s get IP_MTU -> 1500
A b udp -> ok
A b send 5 to=10.9.0.255:53 -> EACCES
A b connect 10.9.0.255:53 -> EACCES
A b set SO_BROADCAST 1 -> ok
A b connect 10.9.0.255:53 -> ok
A b send 5 -> 5
]])
conversation("wait-all", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A s connect B:80 -> ok
B l accept c -> ok
A s send hello -> 5
B c recv 10 all -> 5:hello
A s send hello -> 5
B c set SO_RCVLOWAT 6 -> ok
B c poll -> O
B c recv 9 -> 5:hello
A s send abc -> 3
B c poll -> O
B c recv 9 -> 3:abc
A s send abcd -> 4
A s send efgh -> 4
B c poll -> IO
B c recv 1 -> 1:a
B c poll -> IO
A s close -> ok
B c poll -> IO
B c recv 9 -> 7:bcdefgh
B c recv 9 -> eof
]])
conversation("listen0", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 0 -> ok
A s tcp -> ok
A s connect B:80 -> EINPROGRESS
A t tcp -> ok
A t connect B:80 -> EINPROGRESS
A u tcp -> ok
A u connect B:80 -> EINPROGRESS
A s send 3 -> 3
A u send 3 -> EAGAIN
B l accept c -> ok
B l accept d -> EAGAIN
B l close -> ok
A u send 3 -> EAGAIN
A s poll -> O
A t poll -> -
B c recv 9 -> 3:xxx
B c send 4 -> 4
A s recv 9 -> 4:xxxx
]])
conversation("reconnect", [[
B l tcp -> ok
B l bind *:80 -> ok
B l listen 5 -> ok
A s tcp -> ok
A s set SO_REUSEADDR 1 -> ok
A s bind A:5000 -> ok
A s connect B:80 -> EINPROGRESS
B l accept c -> ok
A s close -> ok
B c recv 5 -> eof
B c close -> ok
A t tcp -> ok
A t bind A:5000 -> EADDRINUSE
A t set SO_REUSEADDR 1 -> ok
A t bind A:5000 -> ok
A t connect B:80 -> EINPROGRESS
A t connect B:80 -> ok
A u tcp -> ok
A u bind *:5001 -> ok
A u connect 10.9.0.77:80 -> EINPROGRESS
A u name -> 10.9.0.1:5001
A v tcp -> ok
A v connect 192.0.2.1:80 -> ENETUNREACH
A w udp -> ok
A w connect 192.0.2.1:80 -> ENETUNREACH
A w send 4 to=192.0.2.1:80 -> ENETUNREACH
A x tcp -> ok
A x connect 10.9.0.255:80 -> ENETUNREACH
A x connect 255.255.255.255:80 -> ENETUNREACH
A x connect 224.0.0.1:80 -> ENETUNREACH
A z tcp -> ok
A z connect A:80 -> EINPROGRESS
A z get SO_ERROR -> ECONNREFUSED
A y tcp -> ok
A y bind A:5005 -> ok
A y connect A:5005 -> EINPROGRESS
A y send hello -> 5
A y recv 9 -> 5:hello
A y get SO_ERROR -> 0
]])

-- ---- Who may bind to a port that is in use -------------------------------------------------------------------------------

local function calls_of(text)
  local list = {}
  for line in text:gmatch("[^\n;]+") do
    local words = words_of(line)
    if #words > 0 then list[#list + 1] = { words[1], words[2], words[3], { table.unpack(words, 4) } } end
  end
  return list
end

-- The results of the calls whose socket is named x..., in order: + ok, - EADDRINUSE.
local function marks(name, text)
  local list, out = calls_of(text), ""
  local got = play(name, list)
  for i, c in ipairs(list) do
    if c[2]:sub(1, 1) == "x" and (c[3] == "bind" or c[3] == "listen") then
      out = out .. (got[i] == "ok" and "+" or got[i] == "EADDRINUSE" and "-" or "?")
    end
  end
  return out
end

local places = { "B:80", "*:80", "127.0.0.1:80" }

-- The state of the first user of B:80, its SO_REUSEADDR, that of the second, and what bind and then listen say to the
-- second at each of the places.  In "estab" and after the listener is closed, in "timewait" and "finwait" the
-- connection is, too.
local begin = "B l tcp; B l set SO_REUSEADDR %d; B l bind B:80;"
local states = {
  bound = begin,
  listen = begin .. "B l listen 5;",
  estab = begin .. "B l listen 5; A c tcp; A c connect B:80; B l accept s; B l close;",
  timewait = begin .. "B l listen 5; A c tcp; A c connect B:80; B l accept s; B l close; B s close; A c recv 5; A c close;",
  finwait = begin .. "B l listen 5; A c tcp; A c connect B:80; B l accept s; B l close; B s close;",
}
for _, row in ipairs {
  { "bound", 0, 0, "-+-+++" },
  { "bound", 0, 1, "-+-+++" },
  { "bound", 1, 0, "-+-+++" },
  { "bound", 1, 1, "++++++" },
  { "listen", 0, 0, "-+-+++" },
  { "listen", 0, 1, "-+-+++" },
  { "listen", 1, 0, "-+-+++" },
  { "listen", 1, 1, "-+-+++" },
  { "estab", 0, 0, "-+-+++" },
  { "estab", 0, 1, "-+-+++" },
  { "estab", 1, 0, "-+-+++" },
  { "estab", 1, 1, "++++++" },
  { "timewait", 0, 0, "-+-+++" },
  { "timewait", 0, 1, "-+-+++" },
  { "timewait", 1, 0, "-+-+++" },
  { "timewait", 1, 1, "++++++" },
  { "finwait", 0, 0, "-+-+++" },
  { "finwait", 0, 1, "-+-+++" },
  { "finwait", 1, 0, "-+-+++" },
  { "finwait", 1, 1, "++++++" },
} do
  local state, first, second, want = table.unpack(row)
  local text = states[state]:format(first)
  for i, place in ipairs(places) do
    text = text .. ("B x%d tcp; B x%d set SO_REUSEADDR %d; B x%d bind %s; B x%d listen 3; B x%d close;"):format(i, i, second, i,
      place, i, i)
  end
  expect.equal(marks(("bind-%s-%d%d"):format(state, first, second), text), want, state .. " " .. first .. second)
end

-- Two that bind and do not listen, of either kind, each place with each: SO_REUSEADDR of both, and what bind says to the
-- second.
for _, row in ipairs {
  { 0, 0, "--+---+--", "--+---+--" },
  { 0, 1, "--+---+--", "--+---+--" },
  { 1, 0, "--+---+--", "--+---+--" },
  { 1, 1, "+++++++++", "+++++++++" },
} do
  local first, second = row[1], row[2]
  for kind, want in pairs { tcp = row[3], udp = row[4] } do
    local text = ""
    for i, one in ipairs(places) do
      for j, other in ipairs(places) do
        local n = i * 10 + j
        text = text .. ("B a%d %s; B a%d set SO_REUSEADDR %d; B a%d bind %s;"):format(n, kind, n, first, n, one)
        text = text .. ("B x%d %s; B x%d set SO_REUSEADDR %d; B x%d bind %s; B a%d close; B x%d close;"):format(n, kind, n, second, n,
          other, n, n)
      end
    end
    expect.equal(marks(("pairs-%s-%d%d"):format(kind, first, second), text), want, kind .. " " .. first .. second)
  end
end
