/* Wrong input of every kind: each mistake gets its message, with the line of the script and the
 * remedy, and leaves no result behind. */
#include "tests/scenarios/script.h"

struct mistake {
    const char *script, *message; /* behind "s.lua:" */
};

#define NET  "local net = weft.network()\n"
#define TWO  NET "local a, b = net:host('a'), net:host('b')\n"
#define LINK TWO "local l = net:link(a, b)\n"
#define FLOW LINK "local f = net:tcp { from = a, to = b }\n"

static void check_all(const struct mistake *mistakes, size_t n)
{
    char *folder = script_enter();

    for (size_t i = 0; i < n; i++) {
        struct outcome outcome = script_run(mistakes[i].script);
        char *wanted = g_strconcat("s.lua:", mistakes[i].message, NULL);
        ck_assert_str_eq(outcome.message, wanted);
        ck_assert_int_eq(outcome.end, SCENARIO_MISTAKE);
        ck_assert(!g_file_test("out/s", G_FILE_TEST_EXISTS));
        g_free(wanted);
    }
    GDir *left = g_dir_open("out", 0, NULL);
    ck_assert(!left || !g_dir_read_name(left)); /* nor anything half-written */
    if (left)
        g_dir_close(left);
    script_leave(folder);
}

#define CHECK_ALL(mistakes) check_all(mistakes, G_N_ELEMENTS(mistakes))

/* Of congestion controls in Lua, some of which show only in the middle of a transfer. */
START_TEST(of_cc)
{
#define TRANSFER                                                                \
    "\nlocal net = weft.network()\nlocal a, b = net:host('a'), net:host('b')\n" \
    "net:link(a, b, { rate = '10Mbps', delay = '20ms' })\n"                     \
    "net:tcp { from = a, to = b, cc = 'x' }\nnet:run('1s')"
#define LOSS                                                                       \
    "\nlocal net = weft.network()\nlocal a, b = net:host('a'), net:host('b')\n"    \
    "net:link(a, b, { rate = '10Mbps', delay = '20ms', loss = { every = 30 } })\n" \
    "net:tcp { from = a, to = b, cc = 'x' }\nnet:run('5s')"
    static const struct mistake mistakes[] = {
        { "weft.cc('bbr', { on_ack = print })",
          "1: weft.cc: there is a congestion control \"bbr\" already; take another name" },
        { "weft.cc('x', { on_ack = print })\nweft.cc('x', { on_ack = print })",
          "2: weft.cc: there is a congestion control \"x\" already; take another name" },
        { "weft.cc('x', { on_ack = function(cc) cc.pacing_rate = '1bps' end })" TRANSFER,
          "1: cc.pacing_rate 1bps: at least 8bps" },
        { "weft.cc('x', { on_ack = 3 })", "1: weft.cc on_ack must be a function, not a number" },
        { "weft.cc('x', { on_los = print, on_ack = print })",
          "1: weft.cc: unknown option `on_los`; did you mean `on_loss`?" },
        { "weft.cc('x', {})",
          "1: weft.cc \"x\": it has no on_ack, so that its window would never grow" },
        { "weft.cc('x', { on_ack = function(cc) cc.cwdn = 3 end })" TRANSFER,
          "1: cc: unknown field `cwdn`; did you mean `cwnd`?" },
        { "weft.cc('x', { on_ack = function(cc) cc.cwnd = 0 end })" TRANSFER,
          "1: cc.cwnd: it must be a number, at least 1; it is 0" },
        { "weft.cc('x', { on_ack = function(cc, ack) return ack.rt end })" TRANSFER,
          "1: ack: unknown field `rt`; did you mean `rtt`?" },
        { "weft.cc('x', { on_ack = function(cc, ack) ack.rtt = 0 end })" TRANSFER,
          "1: ack: what it tells is measured, and cannot be set" },
        { "weft.cc('x', { on_ack = function(cc) cc.cwnd = 9 end,\n"
          "on_loss = function() return 'half' end })" LOSS,
          "2: weft.cc on_loss: the threshold that it returns must be a number, at least 1, or "
          "nothing; it is half" },
        { "weft.cc('x', { on_ack = function(cc) cc.cwnd = 9 end,\n"
          "on_loss = function() return 0 end })" LOSS,
          "2: weft.cc on_loss: the threshold that it returns must be a number, at least 1, or "
          "nothing; it is 0" },
    };
    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_lua)
{
    static const struct mistake mistakes[] = {
        { "local x = = 3", "1: unexpected symbol near '='" },
        { "local x\nif x then", "2: 'end' expected near <eof>" },
        { "\nlocal x = nil\nx.y = 1", "3: attempt to index a nil value (local 'x')" },
        { "error('my own')", "1: my own" },
        { "error({})", "1: an error that is no text: table" },
        { "print(fooo)", "1: unknown global `fooo`" },
        { "print(wef)", "1: unknown global `wef`; did you mean `weft`?" },
        { "x = 5", "1: unknown global `x`; declare it: local x" },
        { "function f() end", "1: unknown global `f`; declare it: local function f" },
        { "weft.netwrk()", "1: weft: unknown field `netwrk`; did you mean `network`?" },
        { "local t = { [true] = 1 }\nfor k in pairs(t) do end",
          "2: pairs: the table has a boolean as key, and such keys have no order that is the same "
          "in each run; use numbers or strings, of an object its name" },
        { "require 'nix'",
          "1: require: cannot read the file \"nix.lua\": No such file or directory" },
        { "dofile 'nix.lua'", "1: dofile: cannot read the file \"nix.lua\": No such file or "
                              "directory" },
        { "weft.limits { memory = '20MB' }\nlocal s = ('x'):rep(30000000)",
          "2: the script's data do not fit into 20MB; weft.limits { memory = SIZE } allows more" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_loops)
{
    static const struct mistake mistakes[] = {
        { "weft.limits { script = 100000 }\nwhile true do end",
          "2: the script ran 100000 instructions of Lua without an end: an endless loop? "
          "weft.limits { script = N } allows more" },
        { "weft.limits { script = 1e6 }\nlocal function f() while true do end end\n"
          "while true do pcall(f) end",
          "2: the script ran 1000000 instructions of Lua without an end: an endless loop? "
          "weft.limits { script = N } allows more" },
        { "weft.limits { script = 1e6 }\n"
          "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
          "2: the script ran 1000000 instructions of Lua without an end: an endless loop? "
          "weft.limits { script = N } allows more" },
        { "weft.limits { script = 1e6 } xpcall(function() while true do end end, function() while "
          "true do end end)",
          "1: the script ran 1000000 instructions of Lua without an end: an endless loop? "
          "weft.limits { script = N } allows more" },
        { "weft.limits { script = 1e6 } load(function() while true do end end)",
          "1: the script ran 1000000 instructions of Lua without an end: an endless loop? "
          "weft.limits { script = N } allows more" },
        { "weft.limits { script = 1e6 } coroutine.close(coroutine.wrap(function() end) and "
          "coroutine.create(function() end)) table.sort({ 3, 2, 1 }, function() while true do end "
          "end)",
          "1: the script ran 1000000 instructions of Lua without an end: an endless loop? "
          "weft.limits { script = N } allows more" },
        { "weft.limits { script = 1e6 } local x <close> = setmetatable({}, { __close = function() "
          "while true do end end })",
          "1: the script ran 1000000 instructions of Lua without an end: an endless loop? "
          "weft.limits { script = N } allows more" },
        { NET "net:at('1s', function()\nwhile true do end\nend)\nnet:run('2s')",
          "3: a function that net:at, net:after or net:every called ran 50000000 instructions of "
          "Lua without an end: an endless loop? weft.limits { callback = N } allows more" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_units)
{
    static const struct mistake mistakes[] = {
        { TWO "net:link(a, b, { rate = '10Mbs' })",
          "3: link rate \"10Mbs\": unknown unit \"Mbs\"; use bps, kbps, Mbps, Gbps" },
        { TWO "net:link(a, b, { rate = -5 })", "3: link rate -5: must not be negative" },
        { TWO "net:link(a, b, { rate = '-5Mbps' })",
          "3: link rate \"-5Mbps\": must not be negative" },
        { TWO "net:link(a, b, { rate = 0 })", "3: link rate 0: must be between 1bps and 1000Tbps" },
        { TWO "net:link(a, b, { rate = 0/0 })", "3: link rate nan: must be a finite number" },
        { TWO "net:link(a, b, { delay = '10Mbps' })",
          "3: link delay \"10Mbps\": unknown unit \"Mbps\"; use s, ms, us, ns, ps, min, h" },
        { TWO "net:link(a, b, { delay = 'soon' })",
          "3: link delay \"soon\": no number; write \"20ms\"" },
        { TWO "net:link(a, b, { delay = '-1ms' })",
          "3: link delay \"-1ms\": must not be negative" },
        { TWO "net:link(a, b, { loss = '200%' })",
          "3: link loss \"200%\": must be between 0% and 100%" },
        { TWO "net:link(a, b, { mtu = 60 })", "3: link mtu 60: must be between 68 and 65535" },
        { TWO "net:link(a, b, { mtu = 1500.5 })", "3: link mtu 1500.5: must be a whole number" },
        { TWO "net:link(a, b, { rate = {} })",
          "3: link rate must be a number or a text with a unit, not a table" },
        { TWO "net:link(a, b, { rate = print })",
          "3: link rate must be a number or a text with a unit, not a function" },
        { "weft.bdp('10Mbps', '10Mbps')", "1: weft.bdp: the round-trip time \"10Mbps\": unknown "
                                          "unit \"Mbps\"; use s, ms, us, ns, ps, min, h" },
        { NET "net:run('5 sec')",
          "2: net:run: the time \"5 sec\": unknown unit \"sec\"; use s, ms, us, ns, ps, min, h" },
        { "expect.near(1, '5foo', 1)",
          "1: expect.near: the wanted value \"5foo\": unknown unit \"foo\"; use s, ms, us, bps, "
          "kbps, Mbps, Gbps, B, kB, KiB, MB, MiB, %" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_options)
{
    static const struct mistake mistakes[] = {
        { "local net = weft.network()\nlocal a, s = net:host('a'), net:switch('s')\n"
          "net:link(a, s)\nnet:tcp { from = a, to = s }",
          "4: tcp to: the switch s has no address; it gets one in a VLAN, s:vlan(1), made before "
          "this" },
        { "local net = weft.network()\nlocal a, s = net:host('a'), net:switch('s')\n"
          "net:link(a, s)\na:ping(s:port(1))",
          "4: ping to: eth1 is a port of the switch s, which has no address; s:vlan(10) has one" },
        { "local net = weft.network()\nlocal a, h = net:host('a'), net:hub('h')\n"
          "net:link(a, h)\nnet:udp { from = h, to = a }",
          "4: udp from: h is a hub, which has no address and speaks no IP" },
        { TWO "net:link(a, b, { dely = 5 })",
          "3: link: unknown option `dely`; did you mean `delay`?" },
        { TWO "net:link(a, b, { 5 })",
          "3: link: options are written name = value; what is the number without a name?" },
        { TWO "net:link(a, b, 5)",
          "3: link must be given a table of options, { name = value, ... }, not a number" },
        { TWO "net:link(a, b, { rate = { ab = 1, bx = 2 } })",
          "3: link rate: a value for each direction is written { ab = ..., ba = ... }" },
        { TWO "net:link(a, b, { loss = true })",
          "3: link loss must be a fraction, { every = n }, { packets = {...} }, { burst = {...} } "
          "or a function, not a boolean" },
        { TWO "net:link(a, b, { loss = { evry = 3 } })",
          "3: link loss: unknown option `evry`; did you mean `every`?" },
        { TWO "net:link(a, b, { loss = function(p) return 0.01 end })\na:ping(b)\nnet:run(1)",
          "3: link loss: the function must return true or false, not 0.01; loss = \"1%\" loses a "
          "share of the packets" },
        { TWO "net:link(a, b, { loss = { burst = { p = 0.1 } } })",
          "3: link loss burst: give rate and length, or p and r" },
        { TWO "net:link(a, b, { reorder = { rate = '1%' } })",
          "3: link reorder: say how long packets are held back, { rate = \"1%\", delay = \"5ms\" "
          "}" },
        { TWO "net:link(a, b, { queue = 'pfifi limit 10' })",
          "3: unknown queue \"pfifi\"; did you mean \"pfifo\"?" },
        { TWO "net:link(a, b, { queue = 'pfifo limt 10' })",
          "3: queue pfifo: unknown option `limt`; did you mean `limit`?" },
        { TWO "net:link(a, b, { queue = { 'pfifo', limt = 10 } })",
          "3: queue pfifo: unknown option `limt`; did you mean `limit`?" },
        { TWO "net:link(a, b, { queue = 'pfifo limit' })",
          "3: queue pfifo: \"limit\" has no value" },
        { TWO "net:link(a, b, { queue = 'pfifo 50' })",
          "3: queue pfifo: unknown option `50`; there are: limit, mark" },
        { TWO "net:link(a, b, { queue = '1bdp' })",
          "3: queue \"1bdp\": the bandwidth-delay product needs a round-trip time; declare rtt = "
          "\"40ms\" of the link or of weft.network" },
        { TWO "net:link(a, b, { ip = { a = '10.0.0.1' } })",
          "3: address \"10.0.0.1\": it has no prefix length; write \"10.0.0.1/24\"" },
        { TWO "net:link(a, b, { ip = { a = '10.0.0.1/24', b = '10.0.0.1/24' } })",
          "3: address 10.0.0.1/24: a-eth1 has it already; if that is meant, say { duplicate = true "
          "}" },
        { TWO "net:link(a, b, { ip = { a = '224.0.0.1/24' } })",
          "3: address 224.0.0.1/24: no host can have it; 0.x, multicast and 255.255.255.255 are "
          "for other uses" },
        { "weft.network { sed = 5 }", "1: network: unknown option `sed`; did you mean `seed`?" },
        { "weft.network { seed = -5 }", "1: network seed -5: must not be negative" },
        { "weft.network { name = 'summary.json' }",
          "1: network name \"summary.json\": it becomes a folder's name; leave out .json" },
        { "weft.network { name = 'a b' }",
          "1: network name \"a b\": use letters, digits and . _ - + @ (it becomes a file's name), "
          "a letter or digit first, at most 100" },
        { "weft.network() weft.network { name = 'network' }",
          "1: weft.network: the name \"network\" is used already; each network of a scenario has "
          "its own" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_nodes)
{
    static const struct mistake mistakes[] = {
        { NET "net:host('a')\nnet:host('a')",
          "3: net:host: the name \"a\" is used already; names of nodes and traffic, and those of "
          "links, are unique in a network" },
        { NET "net:host('a/b')",
          "2: net:host: the name \"a/b\": use letters, digits and . _ - + @ (it becomes a file's "
          "name), a letter or digit first, at most 100" },
        { NET "net:host('a\\0b')", "2: net:host: the name \"a\": there is a zero byte behind it" },
        { NET "net:host('a\\xff')",
          "2: net:host: the name \"a\xff\": use letters, digits and . _ - + @ (it becomes a file's "
          "name), a letter or digit first, at most 100" },
        { NET "net:host('r\\u{e4}t') net:host('a\\u{202e}b')",
          "2: net:host: the name \"a\u202e"
          "b\": use letters, digits and . _ - + @ (it becomes a "
          "file's name), a letter or digit first, at most 100" },
        { NET "net:host(5)", "2: net:host: the name must be a text, not a number" },
        { NET "net:host()",
          "2: net:host: not enough arguments (0 given); it is called as net:host(name [, { sysctl "
          "= {...} }])" },
        { NET "net.host('a')", "2: net:host: not called on a network; write net:host(name [, { "
                               "sysctl = {...} }]), with a colon" },
        { TWO "net:link(a, a)", "3: net:link: both ends are a; a link joins two nodes" },
        { TWO "net:link(a, 'b')", "3: net:link: the second end must be a node, not a string" },
        { TWO "net:link(a)", "3: net:link: not enough arguments (1 given); it is called as "
                             "net:link(a, b [, { rate =, delay =, ... }])" },
        { TWO "local other = weft.network()\nnet:link(a, other:host('c'))",
          "4: net:link: \"c\" belongs to another network; a link joins nodes of one network" },
        { NET "net:lnik()", "2: network: unknown field `lnik`; did you mean `link`?" },
        { NET "net.name = 'x'", "2: network: name can only be read" },
        { TWO "print(a.nmae)", "3: host a: unknown field `nmae`; did you mean `name`?" },
        { TWO "a:iface(2)", "3: node:iface: a has no interface 2; it has 0, from eth1 on" },
        { TWO "a:route('0/0', { type = 'prohibit', via = '10.0.0.1' })",
          "3: node:route: a route of type prohibit leads nowhere; leave via and dev out" },
        { TWO "a:route('0/0', { type = 'deny' })",
          "3: route type \"deny\": use one of unicast, blackhole, unreachable, prohibit" },
        { TWO "a:route('0/0', {})", "3: node:route: say where to, { via = \"10.0.0.1\" } or { dev "
                                    "= \"eth1\" }" },
        { LINK "a:route('0/0', { via = '192.168.7.7' })",
          "4: node:route 0/0: the gateway is on no link of a" },
        { TWO "a:sysctl('net.ipv4.tcp_sak', 0)",
          "3: a: unknown sysctl \"net.ipv4.tcp_sak\"; did you mean \"net.ipv4.tcp_sack\"?" },
        { NET "net:host('c', { sysctl = { ['net.ipv4.tcp_sack'] = 'x' } })",
          "2: c: sysctl net.ipv4.tcp_sack = \"x\": give a number from 0 to 255" },
        { LINK "l:at(net:host('c'))", "4: link:at: a-b joins a and b, not c" },
        { LINK "l:capture { filter = 'tcp prot 80' }",
          "4: capture filter \"tcp prot 80\": can't parse filter expression: syntax error; the "
          "syntax is tcpdump's, see pcap-filter(7)" },
        { LINK "l:capture { direction = 'up' }", "4: capture direction \"up\": use one of both, "
                                                 "in, out" },
        { LINK "l:record('queue_packet')",
          "4: link a-b: unknown record `queue_packet`; did you mean `queue_packets`?" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_traffic)
{
    static const struct mistake mistakes[] = {
        { LINK "net:tcp { from = a, to = b, byts = 5 }",
          "4: tcp: unknown option `byts`; did you mean `bytes`?" },
        { LINK "net:tcp { from = a, to = b, cc = 'cubi' }",
          "4: tcp: unknown congestion control \"cubi\"; did you mean \"cubic\"?" },
        { LINK "net:tcp { from = a, to = b, sockopt = { TCP_NODELAI = true } }",
          "4: tcp sockopt: unknown option `TCP_NODELAI`; did you mean `TCP_NODELAY`?" },
        { LINK "net:udp { from = a, to = b, rate = 1e6, sport = 7 }"
               "net:udp { from = a, to = b, rate = 1e6, sport = 7, start = 5 }",
          "4: udp: a-b-2: its source port 7 of a is that of a-b, which runs at the same time; give "
          "each "
          "another sport, or leave it out" },
        { LINK "net:tcp { from = a }", "4: tcp: it has no `to`; say to which node it goes" },
        { LINK "net:tcp { to = b }", "4: tcp: it has no `from`; say from which node it comes" },
        { LINK "net:tcp { from = a, to = a }", "4: tcp: it goes from a to itself" },
        { LINK "net:tcp { from = a, to = 'b' }", "4: tcp to \"b\": give the node itself, not its "
                                                 "name" },
        { LINK "net:tcp { from = a, to = 5 }", "4: tcp to must be a node, an interface or an "
                                               "address, \"10.0.0.1:80\", not a number" },
        { LINK "net:tcp { from = a, to = 'fe80::1' }",
          "4: tcp to address \"fe80::1\": IPv6 is not modelled yet; use an IPv4 address such as "
          "\"10.0.0.1\"" },
        { LINK "net:tcp { from = a, to = '10.0.0.300' }",
          "4: tcp to address \"10.0.0.300\": want four numbers from 0 to 255, such as "
          "\"10.0.0.1\"" },
        { LINK "net:tcp { from = a, to = '192.0.2.1' }",
          "4: tcp to: no interface has this address, and somebody must listen there; give a node "
          "(a process may connect to an address that nobody has: node:connect)" },
        { LINK "net:flows { from = a, to = { b, '192.0.2.1' } }",
          "4: flows to: no interface has this address, and somebody must listen there; give a node "
          "(a process may connect to an address that nobody has: node:connect)" },
        { LINK "net:flows { from = { a, '192.0.2.1' }, to = b }",
          "4: flows from: no interface has this address; give a node" },
        { LINK "net:tcp { from = a, to = '10.0.0.1:99999' }",
          "4: tcp to: port \"99999\": must be between 1 and 65535" },
        { LINK "net:tcp { from = a, to = b, start = '2s', stop = '1s' }",
          "4: tcp: a-b: it stops before it starts; stop is an absolute time" },
        { LINK "net:tcp { from = a, to = b, start = { '1s', jiter = '1ms' } }",
          "4: start: it is a time or { \"1s\", jitter = \"1ms\" }; what is jiter?" },
        { LINK "net:run('2s')\nnet:tcp { from = a, to = b, start = '1s' }",
          "5: tcp a-b: the start lies in the past; it is 2 s now and times are absolute" },
        { LINK "net:tcp(a, b)", "4: net:tcp: it is called as net:tcp{ from =, to =, ... }" },
        { FLOW "print(f.goodput)", "5: flow a-b: there is no goodput before net:run; run the "
                                   "network first" },
        { FLOW "print(f.godput)", "5: flow a-b: unknown field `godput`; did you mean `goodput`?" },
        { FLOW "f.goodput = 1", "5: flow a-b: goodput can only be read" },
        { FLOW "f:record('cwdn')", "5: flow a-b: unknown record `cwdn`; did you mean `cwnd`?" },
        { FLOW "f:record('fct')", "5: flow a-b: fct is a figure and is not recorded; read x.fct "
                                  "after the run" },
        { FLOW "f:record()", "5: flow:record: not enough arguments (0 given); it is called as "
                             "flow:record(name, ... [, { every =, between = }])" },
        { FLOW "f:series('cwnd')", "5: flow a-b: cwnd was not recorded; call x:record(\"cwnd\") "
                                   "before net:run" },
        { FLOW "f:on('dne', print)", "5: flow a-b: unknown event `dne`; did you mean `done`?" },
        { FLOW "net:plot { 'cwmd' }", "5: net:plot: unknown metric `cwmd`; did you mean `cwnd`?" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_time)
{
    static const struct mistake mistakes[] = {
        { NET "net:run('1s')\nnet:at('0.5s', print)",
          "3: net:at: the time 0.5s lies in the past, it is 1 s now; times of net:at are absolute, "
          "net:after takes a span" },
        { NET "net:run('1s')\nnet:run('0.5s')",
          "3: net:run: it runs to an absolute time; it is 1 s now" },
        { NET "net:run('never')", "2: net:run: the time \"never\": it must come to an end; a time "
                                  "is at most 53 days (1281 h)" },
        { NET "net:run(1e10)",
          "2: net:run: the time 10000000000: too long; a time is at most 53 days (1281 h)" },
        { NET "net:after(math.huge, print)", "2: net:after: the span inf: it must come to an end; "
                                             "a time is at most 53 days (1281 h)" },
        { TWO "net:link(a, b, { delay = '1281h' })",
          "3: link delay \"1281h\": must be between 0s and 86400s" },
        { TWO "net:link(a, b, { jitter = '25h' })",
          "3: link jitter: more than a day, which is the longest delay" },
        { NET "net:at('1s')", "2: net:at: not enough arguments (1 given); it is called as "
                              "net:at(time, fn)" },
        { NET "net:at('1s', 5)", "2: net:at: what to call must be a function, not a number" },
        { NET "net:every(0, print)", "2: net:every: the span must be above 0, or it would never "
                                     "end" },
        { NET "net:every(1, print, { start = 5, stop = 3 })", "2: net:every: it stops before it "
                                                              "starts" },
        { NET "net:after(1, function() net:run(5) end)\nnet:run(2)",
          "2: net:run: the network runs already; a callback cannot run it" },
        { NET "net:run { stop_when = 'flows don' }",
          "2: net:run stop_when \"flows don\": use one of flows done, converged; did you mean "
          "\"flows done\"?" },
        { NET "net:run { stop_when = 'converged' }",
          "2: net:run stop_when \"converged\": routing protocols are not modelled yet; there is "
          "\"flows done\", a flow, or a function" },
        { NET "net:run { stop_when = 'flows done' }",
          "2: net:run stop_when \"flows done\": there are no flows" },
        { NET "net:after(1, function() error('boom') end)\nnet:run(2)", "2: boom" },
        { NET "net:after(1, function()\nlocal x\nx.y = 1 end)\nnet:run(2)",
          "4: attempt to index a nil value (local 'x')" },
        { "now()", "1: now: there is no network yet; weft.network() makes one" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

#define SWITCH NET "local s = net:switch('s')\nnet:link(net:host('a'), s)\n"
#define NO_VLAN(n)                                                                              \
    n " is no VLAN; they are whole numbers from 1 to 4094 (0 marks a tag without a VLAN, 4095 " \
      "is reserved)"

START_TEST(of_switches)
{
    static const struct mistake mistakes[] = {
        { NET "net:switch('s', { ageing = 'x' })",
          "2: switch ageing \"x\": no number; write \"20ms\"" },
        { NET "net:switch('s', { agein = 1 })",
          "2: switch: unknown option `agein`; did you mean `ageing`?" },
        { SWITCH "s:port(2)", "4: switch:port: s has no port 2; it has 1, from 1 on" },
        { SWITCH "s:port(1):access(0)", "4: port:access: " NO_VLAN("0") },
        { SWITCH "s:port(1):access(4095)", "4: port:access: " NO_VLAN("4095") },
        { SWITCH "s:port(1):access('ten')", "4: port:access: " NO_VLAN("ten") },
        { SWITCH "s:port(1):trunk { 10, 5000 }", "4: port:trunk: " NO_VLAN("5000") },
        { SWITCH "s:port(1):trunk { native = 0 }", "4: port:trunk native: " NO_VLAN("0") },
        { SWITCH "s:port(1):trunk(10)", "4: port:trunk: its argument must be a list of VLANs, "
                                        "{ 10, 20, native = 1 }, not a number" },
        { SWITCH "s:port(1):trunk { 10, natve = 1 }",
          "4: port:trunk: unknown option `natve`; did you mean `native`?" },
        { SWITCH "s:port(1):hybrid { pvid = 7 }", "4: port:hybrid: pvid 7 is in neither list" },
        { SWITCH "s:port(1):hybrid { tagged = { 7 }, untagged = { 7 } }",
          "4: port:hybrid: a VLAN cannot be both tagged and untagged" },
        { SWITCH "s:static('02:00', 1)", "4: switch:static: the address \"02:00\": an Ethernet "
                                         "address is written 02:00:00:00:00:01" },
        { SWITCH "s:static('ff:ff:ff:ff:ff:ff', 1)",
          "4: switch:static: ff:ff:ff:ff:ff:ff is the address of a group, not of a station" },
        { NET "net:ring { switches = 4, routers = 4 }",
          "2: net:ring: give routers or switches, not both" },
        { NET "net:ring { routers = 4, stp = 'rstp' }",
          "2: net:ring: spanning tree is for switches; say switches = …" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

#define TREE NET "local s = net:switch('s', { stp = 'rstp' })\nnet:link(net:host('a'), s)\n"

START_TEST(of_spanning_trees)
{
    static const struct mistake mistakes[] = {
        { NET "net:switch('s', { stp = 'mstp' })",
          "2: switch stp \"mstp\": use one of off, stp, rstp; did you mean \"stp\"?" },
        { NET "net:switch('s', { stp = 'rstp', priority = 5000 })",
          "2: switch s: priority 5000: must be a multiple of 4096; use 4096 or 8192" },
        { NET "net:switch('s', { priority = 4096 })",
          "2: switch s: priority is an option of spanning tree; say stp = \"rstp\" as well" },
        { NET "net:switch('s', { stp = 'stp', max_age = 40 })",
          "2: switch s: forward_delay 15s: too short for max_age 40s; use at least 21s" },
        { SWITCH "s:stp()",
          "4: s runs no spanning tree; say net:switch(\"s\", { stp = \"rstp\" })" },
        { SWITCH "print(s:port(1).stp.state)",
          "4: s runs no spanning tree; say net:switch(\"s\", { stp = \"rstp\" })" },
        { SWITCH "s:port(1):record('stp_state')",
          "4: s runs no spanning tree; say net:switch(\"s\", { stp = \"rstp\" })" },
        { TREE "s:port(1).stp = { priority = 8 }",
          "4: port.stp: port priority 8: must be a multiple of 16; use 0 or 16" },
        { TREE "s:port(1).stp = { edg = 'yes' }",
          "4: port.stp: unknown option `edg`; did you mean `edge`?" },
        { TREE "s:port(1).stp = true",
          "4: port.stp must be a table, { edge = \"yes\", cost = 100 }, not a boolean" },
        { TREE "s:stp { priority = 1 }",
          "4: switch:stp: priority 1: must be a multiple of 4096; use 0 or 4096" },
    };
    CHECK_ALL(mistakes);
}
END_TEST

#define ACCEPTED "local c = script.accepted()\n"

START_TEST(of_conversations)
{
    static const struct mistake mistakes[] = {
        { "script.accepted { mss = 1 }",
          "1: script: the option mss 1: must be between 88 and 32767" },
        { "script.accepted { keepidle = -1 }",
          "1: script: the option keepidle -1: must not be negative" },
        { ACCEPTED "c:set { corkk = true }",
          "2: script: unknown option of sockets `corkk`; did you mean `cork`?" },
        { "script.connect { cc = 'renoo' }",
          "1: script: no congestion control \"renoo\"; `weft list cc` shows all" },
        { "script.rate(0)", "1: script.rate: the rate must be between 1bps and 1000Tbps" },
        { "script.rate('1e18')", "1: script.rate: the rate must be between 1bps and 1000Tbps" },
        { ACCEPTED "script.icmp('host unreachabl', 1)",
          "2: script.icmp: unknown error `host unreachabl`; did you mean `host unreachable`?" },
        { ACCEPTED "script.inject('S 0:0(0) win 70000')",
          "2: script.inject: \"S 0:0(0) win 70000\": the window is that of the header, at most "
          "65535, at the end" },
    };
    CHECK_ALL(mistakes);
}
END_TEST

#define BONDED                                                            \
    NET "local s, a, b = net:switch('s'), net:host('a'), net:host('b')\n" \
        "for i = 1, 3 do net:link(a, s) end\nnet:link(s, b)\nnet:link(a, b)\n"

START_TEST(of_bonds)
{
    static const struct mistake mistakes[] = {
        { BONDED "a:bond {}", "6: bond: say which links it has, ports = { 1, 2 }" },
        { BONDED "a:bond { ports = { 1, 9 } }",
          "6: bond ports: a has no interface 9; it has 4, from eth1 on" },
        { BONDED "a:bond { ports = { 1 }, mode = '802.3af' }",
          "6: bond mode \"802.3af\": use one of balance-rr, active-backup, balance-xor, 802.3ad, "
          "balance-slb, balance-tcp; did you mean \"802.3ad\"?" },
        { BONDED "a:bond { ports = { 1, 2 }, mode = '802.3ad', lacp_rat = 'fast' }",
          "6: bond: unknown option `lacp_rat`; did you mean `lacp_rate`?" },
        { BONDED "a:bond { ports = { 1, 2 }, mode = 'active-backup', lacp_rate = 'fast' }",
          "6: bond: lacp_rate is an option of 802.3ad, and the mode is active-backup" },
        { BONDED "a:bond { ports = { 1, 2 }, mode = '802.3ad', primary = 1 }",
          "6: bond: primary is an option of active-backup, and the mode is 802.3ad" },
        { BONDED "a:bond { ports = { 1, 2 } }\na:bond { ports = { 2, 3 } }",
          "7: bond: a-eth2 is in a bond already; an interface can be in one only" },
        { BONDED "a:bond { ports = { 3, 4 }, mode = '802.3ad' }",
          "6: bond: a-eth3 leads to s and a-eth4 to b; in mode 802.3ad all links must lead to the "
          "same node; use active-backup, or on a switch balance-slb" },
        { BONDED "a:bond { ports = { 1, 2 }, mode = 'balance-tcp' }",
          "6: bond: mode balance-tcp is one of switches; hosts and routers have balance-xor and "
          "802.3ad" },
        { BONDED "local ip = a.ip\na:bond { ports = { 1, 2 } }",
          "7: bond: a-eth1 has an address; make the bond before addresses are given or asked for, "
          "and give them to the bond" },
        { BONDED "a:bond { ports = { 1, 2 } }\na:vlan(10, 1)",
          "7: node:vlan: a-eth1 is in a bond; put VLANs onto the bond" },
        { BONDED "a:bond { ports = { 1, 2 } }\na:iface(1):address('10.0.0.1/24')",
          "7: address 10.0.0.1/24: a-eth1 is in a bond; give it to the bond" },
        { BONDED "s:bond { ports = { 1, 2 } }\ns:port(1):access(10)",
          "7: a rule for VLANs: s-eth1 is in the bond bond0; say it of that" },
        { BONDED "s:bond { ports = { 1, 2 } }\ns:port(3):mirror(s:port(2))",
          "7: port:mirror: s-eth2 is in the bond bond0; say it of that" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

/* What goes wrong in a process ends the run, with the line. */
START_TEST(of_processes)
{
    static const struct mistake mistakes[] = {
        { "sleep(1)",
          "1: sleep: only a process can wait; node:spawn(function() ... end) makes one" },
        { TWO "a:spawn(12)", "3: node:spawn: what to run must be a function, not a number" },
        { TWO "a:spawn(function()\nlocal x\nsleep(1)\nx.y = 1 end)\nnet:run(2)",
          "6: attempt to index a nil value (local 'x')" },
        { LINK "a:spawn(function() sleep(1)\nlocal s = assert(a:connect(b, 80))\nend)\nnet:run(2)",
          "5: ECONNREFUSED" },
        { TWO "a:spawn(function() error({}) end)\nnet:run(2)",
          "3: an error that is no text: table" },
        { LINK "a:spawn(function() local s = a:connect(b, 80)\ns:send('x') end)\nnet:run(2)",
          "5: attempt to index a nil value (local 's'); the last call of a socket that failed: "
          "s.lua:4: nil and \"ECONNREFUSED\"; with assert(...) around it the run stops there" },
        { LINK "a:spawn(function()\ntable.sort({ 1, 2 }, function() sleep(1) end) end)\nnet:run(2)",
          "5: a process cannot wait inside of what Lua itself calls: the functions that "
          "table.sort, "
          "string.gsub and xpcall are given, metamethods; wait before or after it" },
        { LINK "local s = a:listen(80)\ns:recv(1, { peek = { 1 } })",
          "5: s:recv peek must be true or false, not a table" },
        { LINK "local s = a:socket()\ns:bind(true)",
          "5: s:bind: the port must be a whole number, not a boolean" },
        { TWO "a:sysctl('net.ipv4.tcp_sack', 0.5)",
          "3: a: sysctl net.ipv4.tcp_sack = \"0.5\": give a number from 0 to 255" },
        { TWO "a:spawn(function()\ncoroutine.yield() end)\nnet:run(2)",
          "4: coroutine.yield: a process waits with sleep, recv, accept and the like; "
          "coroutine.yield is for coroutines of its own" },
        { TWO "a:spawn(function()\nlocal _, m = coroutine.resume(coroutine.create(function() "
              "sleep(1) end)) error(m, 0) end)\nnet:run(2)",
          "4: sleep: a coroutine inside a process cannot wait; node:spawn makes processes" },
        { TWO "a:spawn(function()\nwhile true do end end)\nnet:run(2)",
          "4: a process ran 50000000 instructions of Lua without an end: an endless loop? "
          "weft.limits { callback = N } allows more" },
        { TWO "local p\np = a:spawn(function()\np:kill() end)\nnet:run(2)",
          "5: process:kill: a process that runs ends by returning" },
        { LINK "a:connect(b, 80)",
          "4: node:connect: only a process can wait; node:spawn(function() "
          "... end) makes one" },
        { TWO "local function f(s)\n  s:recieve()\nend\nf(a:socket())",
          "4: socket: unknown field `recieve`; did you mean `recv`?; called at s.lua:6" },
        { TWO "a:socket():recieve()", "3: socket: unknown field `recieve`; did you mean `recv`?" },
        { TWO "a:listen(80):sockopt('TCP_NODELAI')",
          "3: sockopt: unknown option `TCP_NODELAI`; did you mean `TCP_NODELAY`?" },
        { TWO "a:socket():send(12)", "3: s:send: the data must be a text, not a number" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_what_is_missing)
{
    static const struct mistake mistakes[] = {
        { TWO "net:quic { from = a, to = b }", "3: net:quic: QUIC is not modelled yet; there is "
                                               "net:tcp and net:udp" },
        { LINK "l:at(a):nic {}", "4: iface:nic: rings and offloads of network cards are not "
                                 "modelled yet; there is the queue of a link" },
        { "weft.sweep {}", "1: weft.sweep: sweeps over arguments are not modelled yet; there is "
                           "weft.arg with --set, and several networks in a loop" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_topologies)
{
    static const struct mistake mistakes[] = {
        { NET "net:chain { router = 4 }", "2: net:chain: unknown option `router`; did you mean "
                                          "`routers`?" },
        { NET "net:chain { hosts = 4 }", "2: net:chain: say how many, routers = n" },
        { NET "net:chain { routers = 4.5 }", "2: net:chain: routers must be a whole number, at "
                                             "least 1" },
        { NET "net:chain { routers = 4, rate = '10Mbs' }",
          "2: link rate \"10Mbs\": unknown unit \"Mbs\"; use bps, kbps, Mbps, Gbps" },
        { NET "net:chain(4)", "2: net:chain: it takes a table of options, net:chain{ rate = "
                              "\"10Mbps\" }" },
        { NET "net:fat_tree { k = 3 }", "2: net:fat_tree: k must be even" },
        { NET "net:chain { routers = 1e9 }", "2: net:chain: routers must be at most 1000000" },
        { NET "net:fat_tree { k = 1000 }", "2: net:fat_tree: k must be at most 128, which are half "
                                           "a million hosts" },
        { NET "net:random { routers = 4, edges = 7 }", "2: net:random: so many routers have at "
                                                       "most 6 links" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

START_TEST(of_words)
{
    static const struct mistake mistakes[] = {
        { "expect()", "1: expect: it is called as expect(condition [, message])" },
        { "expect.near(5)", "1: expect.near: not enough arguments (1 given); it is called as "
                            "expect.near(x, want, tolerance [, message])" },
        { "expect.nar(5, 5, 5)", "1: expect: unknown field `nar`; did you mean `near`?" },
        { "expect.below({}, 5)", "1: expect.below: the value must be a number or a text with a "
                                 "unit, not a table" },
        { "expect.between(5, 7, 6)", "1: expect.between: the lower limit is above the upper one" },
        { "expect(true, {})", "1: expect: the message must be a text, not a table" },
        { "weft.arg('n', {})", "1: weft.arg: the default, which says the type, must be a number, a "
                               "text, true or false, not a table" },
        { "weft.arg('a b', 1)", "1: weft.arg: the name \"a b\": use letters, digits, _ and -" },
        { "weft.result('a\\nb', 1)", "1: weft.result: the name \"a\nb\" must be one line of text" },
        { "weft.random('x'):pareto(1, 0.5)", "1: random distribution \"pareto\": write { "
                                             "\"pareto\", mean, shape }, shape > 1" },
        { "weft.random('x'):choice {}", "1: random:choice: its argument must be a list with at "
                                        "least one value, not a table" },
        { "weft.table { { 1 } }", "1: weft.table: give the columns their names, columns = { \"n\", "
                                  "\"goodput\" }" },
        { "weft.plot {}", "1: weft.plot: its argument must be a table with at least one series, "
                          "not a table" },
        { "weft.series({}, 'fct')", "1: weft.series: its first argument must be a list of flows or "
                                    "links, not a table" },
    };

    CHECK_ALL(mistakes);
}
END_TEST

SUITE("scenarios/bind: mistakes", of_conversations, of_bonds, of_lua, of_cc, of_loops, of_units,
      of_options, of_nodes, of_traffic, of_time, of_switches, of_spanning_trees, of_processes,
      of_what_is_missing, of_topologies, of_words)
