/* The words of packet conversations: script.inject says what the peer sends, script.expect what the
 * host must send and when.
 *
 * Time stands still between two words.  Each word may begin with a delay after the one before:
 * script.expect("+200ms", ...) runs the simulation until a segment leaves and compares it; a
 * segment that leaves too early or too late, or is another one, ends the script.  One microsecond
 * is an instant: so long a segment may take between host and peer. */
#include "scenarios/bind/script.h"

#include <string.h>

#include "models/script/talk.h"
#include "protocols/wire/icmp.h"
#include "scenarios/bind/connection.h"
#include "scenarios/bind/expect.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/value.h"
#include "sim/blob.h"
#include "sim/unit.h"

#define INSTANT   (10 * SIM_US)
#define TOLERANCE (4 * SIM_MS)

/* One conversation; the model of the object `script`. */
struct conversation {
    struct talk *talk;
    struct tcp_listener *listener;
    sim_time cursor; /* of the last word */
    sim_time tolerance;
};

static const char key_conversation = 0;

static void conversation_release(struct bind_object *self)
{
    struct conversation *c = self->model;

    if (c->talk)
        talk_free(c->talk);
}

const struct bind_class bind_script_class = {
    .name = "script",
    .doc = "a packet conversation",
    .release = conversation_release,
};

/* ---- The host ------------------------------------------------------------------------------- */

/* Pushes what the language calls `table`.`name`. */
static void push_word(lua_State *L, const char *table, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &bind_key_words);
    lua_getfield(L, -1, table);
    lua_getfield(L, -1, name);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

/* A network with the host and the peer; pushes the host. */
static void open_conversation(lua_State *L, int options)
{
    GError *error = NULL;

    push_word(L, "weft", "network");
    lua_call(L, 0, 1);
    struct bind_net *net = bind_to_object(L, -1)->net;
    lua_getfield(L, -1, "host");
    lua_insert(L, -2);
    lua_pushliteral(L, "host");
    if (options)
        lua_pushvalue(L, options);
    else
        lua_newtable(L);
    lua_call(L, 3, 1);
    struct node *host = bind_to_object(L, -1)->model;
    struct bind_object *self =
        bind_push_new(L, &bind_script_class, sizeof(struct conversation), net);
    struct conversation *c = self->model;
    c->tolerance = TOLERANCE;
    c->talk = talk_new(net->net, host, &error);
    if (!c->talk)
        bind_throw(L, "script.host", error);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_conversation);
    node_tcp(host);
}

static struct conversation *conversation(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_conversation);
    struct bind_object *self = bind_to_object(L, -1);
    lua_pop(L, 1);
    if (self)
        return self->model;
    open_conversation(L, 0);
    lua_pop(L, 1);
    return conversation(L);
}

static int script_host(lua_State *L, struct bind_object *self)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_conversation);
    if (bind_to_object(L, -1))
        bind_fail(L, "script.host: there is a host already; this comes before all other words");
    lua_pop(L, 1);
    open_conversation(L, lua_isnil(L, 1) ? 0 : 1);
    return 1;
}

/* ---- Time ----------------------------------------------------------------------------------- */

static struct bind_net *net_of(lua_State *L)
{
    return bind_net_current(L, "script");
}

static enum sim_result run(lua_State *L, struct conversation *c, sim_time until)
{
    struct bind_net *net = net_of(L);

    if (net->running)
        bind_fail(L, "script: the network runs already; a callback cannot hold a conversation");
    if (net->bind->only_args) {
        net->bind->fatal = true;
        lua_pushliteral(L, "");
        lua_error(L);
    }
    net->running = true;
    enum sim_result result = network_run(c->talk->net, until);
    net->running = false;
    net->ran = true;
    bind_net_rethrow(L, net);
    return result;
}

static void run_to(lua_State *L, struct conversation *c, sim_time until)
{
    while (c->talk->net->sim->now < until && run(L, c, until) == SIM_STOPPED)
        ;
}

/* Reads "+200ms" or "+200ms~300ms" at index 1, if there are two arguments; the text is the last. */
static const char *read_delay(lua_State *L, sim_time *from, sim_time *to, const char *what)
{
    *from = *to = 0;
    if (lua_isnil(L, 2))
        return bind_string(L, 1, what);
    if (lua_type(L, 1) == LUA_TNUMBER) {
        *from = *to = bind_time(L, 1, what);
        return bind_string(L, 2, what);
    }
    const char *text = bind_string(L, 1, what), *range = strchr(text, '~');
    text += *text == '+';
    lua_pushlstring(L, text, range ? (size_t)(range - text) : strlen(text));
    *from = *to = bind_time(L, -1, what);
    lua_pop(L, 1);
    if (range) {
        lua_pushstring(L, range + 1 + (range[1] == '+'));
        *to = bind_time(L, -1, what);
        lua_pop(L, 1);
    }
    return bind_string(L, 2, what);
}

static int script_sleep(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);

    c->cursor += bind_time(L, 1, "script.sleep: the span");
    run_to(L, c, c->cursor);
    return 0;
}

static int script_port(lua_State *L, struct bind_object *self)
{
    talk_switch(conversation(L)->talk,
                (uint16_t)bind_whole(L, 1, "script.port: the port", 1, 65535));
    return 0;
}

static int script_tolerance(lua_State *L, struct bind_object *self)
{
    conversation(L)->tolerance = bind_time(L, 1, "script.tolerance: the span");
    return 0;
}

static int script_rate(lua_State *L, struct bind_object *self)
{
    uint64_t rate = bind_rate(L, 1, "script.rate: the rate");

    if (rate < 1 || rate > 1000000000000000) /* as a link's */
        bind_fail(L, "script.rate: the rate must be between 1bps and 1000Tbps");
    talk_limit(conversation(L)->talk, rate);
    return 0;
}

/* ---- The peer speaks ------------------------------------------------------------------------ */

static void parse(lua_State *L, const struct conversation *c, const char *text, bool inbound,
                  struct segment *segment, const char *what)
{
    GError *error = NULL;

    if (!segment_parse(text, inbound, &c->talk->line->map, segment, &error))
        bind_throw(L, what, error);
}

static int script_inject(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);
    struct segment segment, piece;
    sim_time from, to;
    const char *text = read_delay(L, &from, &to, "script.inject");

    parse(L, c, text, true, &segment, "script.inject:");
    c->cursor += from;
    run_to(L, c, c->cursor);
    network_prepare(c->talk->net);
    for (uint32_t i = 0; i < segment.pieces; i++) {
        segment_piece(&segment, i, &piece);
        talk_send(c->talk, &piece);
        run_to(L, c, c->talk->net->sim->now + INSTANT);
    }
    return 0;
}

static const struct {
    const char *name;
    uint8_t type, code;
} errors[] = {
    { "net unreachable", ICMP_DEST_UNREACH, ICMP_NET_UNREACH },
    { "host unreachable", ICMP_DEST_UNREACH, ICMP_HOST_UNREACH },
    { "protocol unreachable", ICMP_DEST_UNREACH, ICMP_PROTO_UNREACH },
    { "port unreachable", ICMP_DEST_UNREACH, ICMP_PORT_UNREACH },
    { "fragmentation needed", ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED },
    { "time exceeded", ICMP_TIME_EXCEEDED, 0 },
    { "reassembly time exceeded", ICMP_TIME_EXCEEDED, ICMP_REASSEMBLY_EXCEEDED },
};

static int script_icmp(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);
    const char *name = bind_string(L, 1, "script.icmp: the error");
    uint32_t seq = (uint32_t)bind_whole(L, 2, "script.icmp: the sequence number", 0, UINT32_MAX);
    uint32_t mtu =
        lua_isnil(L, 3) ? 0 : (uint32_t)bind_whole(L, 3, "script.icmp: the MTU", 0, 65535);

    for (size_t i = 0; i < G_N_ELEMENTS(errors); i++) {
        if (strcmp(errors[i].name, name) != 0)
            continue;
        talk_icmp(c->talk, errors[i].type, errors[i].code, mtu, seq);
        run_to(L, c, c->talk->net->sim->now + INSTANT);
        return 0;
    }
    GPtrArray *words = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(errors); i++)
        g_ptr_array_add(words, (char *)(uintptr_t)errors[i].name);
    return bind_unknown(L, "script.icmp", "error", name, words);
}

/* ---- The host answers ----------------------------------------------------------------------- */

enum { MESSAGE = 9 }; /* its index on the stack, behind the arguments */

/* Leaves nothing on the stack. */
static void judge(lua_State *L, bool passed, const char *actual, const char *wanted)
{
    bind_judge(L, passed, bind_push_place(L), bind_push_message(L, MESSAGE, "script.expect"),
               actual, wanted);
    if (!passed)
        bind_fail(L, "the conversation ends here: %s, not %s", actual, wanted);
    lua_settop(L, MESSAGE);
}

static void push_owned(lua_State *L, char *text)
{
    lua_pushstring(L, text);
    g_free(text);
}

/* The first segment with a timestamp says how the script's numbers relate to the wire's. */
static void relate_timestamps(struct talk *talk, const struct segment *expected,
                              const struct segment *actual)
{
    uint32_t script, wire;

    if (talk->line->map.ts_known || expected->any_options || !segment_tsval(expected, &script) ||
        !segment_tsval(actual, &wire))
        return;
    talk->line->map.ts_known = true;
    talk->line->map.ts_offset = wire - script;
}

/* Timestamps are compared with the tolerance of times. */
static void forgive_timestamps(const struct conversation *c, const struct segment *expected,
                               struct segment *actual)
{
    uint32_t script, wire, most = (uint32_t)(c->tolerance / SIM_MS);
    struct tcphdr_item item;

    if (expected->any_options || !segment_tsval(expected, &script) || !segment_tsval(actual, &wire))
        return;
    int32_t late = (int32_t)(wire - c->talk->line->map.ts_offset - script);
    if (late < -(int32_t)most || late > (int32_t)most)
        return;
    script += c->talk->line->map.ts_offset;
    for (uint32_t at = 0; tcphdr_option_next(actual->options, actual->options_len, &at, &item);)
        if (item.kind == TCPOPT_TS)
            for (int i = 0; i < 4; i++)
                ((uint8_t *)(uintptr_t)item.value)[i] = (uint8_t)(script >> 8 * (3 - i));
}

/* The script's own notation, brought into the printer's form. */
static char *print_expected(const struct segment *expected)
{
    static const struct segment_map own;

    return segment_print(expected, &own, expected);
}

/* A segment came; it should have come from `from` to `to`. */
static void compare(lua_State *L, struct conversation *c, const struct segment *expected,
                    const struct heard *heard, sim_time from, sim_time to)
{
    struct segment actual = heard->segment;
    char early[64], late[64], at[64];

    relate_timestamps(c->talk, expected, &actual);
    forgive_timestamps(c, expected, &actual);
    push_owned(L, segment_print(&actual, &c->talk->line->map, expected));
    push_owned(L, print_expected(expected));
    if (strcmp(lua_tostring(L, -1), lua_tostring(L, -2)) != 0)
        judge(L, false, lua_tostring(L, -2), lua_tostring(L, -1));
    if (heard->at < from - c->tolerance || heard->at > to + c->tolerance + INSTANT) {
        simtime_format(heard->at, at, sizeof at);
        simtime_format(from, early, sizeof early);
        simtime_format(to, late, sizeof late);
        lua_pushfstring(L, "%s at %s", lua_tostring(L, -2), at);
        lua_pushfstring(L, "at %s%s%s", early, from == to ? "" : " to ", from == to ? "" : late);
        judge(L, false, lua_tostring(L, -2), lua_tostring(L, -1));
    }
    judge(L, true, NULL, NULL);
}

/* The next segment leaves after a delay of `from` to `to`; the time of the script becomes that. */
static void expect_piece(lua_State *L, struct conversation *c, const struct segment *expected,
                         sim_time from, sim_time to)
{
    struct talk *talk = c->talk;
    sim_time last = c->cursor + to + c->tolerance + INSTANT;

    while (!talk_next(talk) && talk->net->sim->now < last)
        run(L, c, last);
    const struct heard *heard = talk_next(talk);
    if (!heard) {
        push_owned(L, print_expected(expected));
        judge(L, false, "nothing was sent", lua_tostring(L, -1));
    }
    talk->line->next++;
    compare(L, c, expected, heard, c->cursor + from, c->cursor + to);
    c->cursor = to == from || heard->at < c->cursor + from ? c->cursor + from : heard->at;
}

static int script_expect(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);
    struct segment expected, piece;
    sim_time from, to;
    const char *text = read_delay(L, &from, &to, "script.expect");

    lua_settop(L, MESSAGE - 1);
    lua_pushstring(L, text);
    parse(L, c, text, false, &expected, "script.expect:");
    for (uint32_t i = 0; i < expected.pieces; i++) {
        segment_piece(&expected, i, &piece);
        expect_piece(L, c, &piece, i == 0 ? from : 0, i == 0 ? to : 0);
    }
    return 0;
}

static int script_silence(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);

    lua_settop(L, MESSAGE - 1);
    lua_pushliteral(L, "nothing is sent");
    c->cursor += lua_isnil(L, 1) ? 0 : bind_time(L, 1, "script.silence: the span");
    run_to(L, c, c->cursor);
    const struct heard *heard = talk_next(c->talk);
    if (heard) {
        push_owned(L, segment_print(&heard->segment, &c->talk->line->map, NULL));
        judge(L, false, lua_tostring(L, -1), "silence");
    }
    judge(L, true, NULL, NULL);
    return 0;
}

static int script_isn(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, conversation(L)->talk->line->map.local_iss);
    return 1;
}

static int script_id(lua_State *L, struct bind_object *self)
{
    const struct line *line = conversation(L)->talk->line;

    if (line->next == 0)
        bind_fail(L, "script.id: script.expect comes first");
    lua_pushinteger(L, g_array_index(line->heard, struct heard, line->next - 1).ident);
    return 1;
}

/* ---- The host's application ----------------------------------------------------------------- */

static int script_listen(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);
    struct tcp_config config = { 0 };
    uint32_t backlog = 128;

    bind_read_tcp_config(L, 1, &config, &backlog);
    network_prepare(c->talk->net);
    if (tcp_listen(node_tcp(c->talk->host), NULL, TALK_PORT, backlog, &config, NULL, NULL,
                   &c->listener))
        bind_fail(L, "script.listen: the host listens already");
    return 0;
}

static int script_accept(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);

    if (!c->listener)
        bind_fail(L, "script.accept: script.listen() comes first");
    bind_push_connection(L, net_of(L), NULL);
    struct tcp_conn *conn = bind_connection_accept(L, c->listener);
    if (!conn) {
        lua_pushnil(L);
        return 1;
    }
    return 1;
}

static int script_close(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);

    if (!c->listener)
        bind_fail(L, "script.close: nobody listens");
    tcp_listener_close(c->listener);
    c->listener = NULL;
    run_to(L, c, c->talk->net->sim->now + INSTANT);
    return 0;
}

/* A field of the table at index 1, taken out of it; "" if there is none.  Stays on the stack. */
static const char *take_field(lua_State *L, const char *name, const char *otherwise)
{
    lua_pushstring(L, otherwise);
    if (!lua_istable(L, 1))
        return lua_tostring(L, -1);
    lua_getfield(L, 1, name);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        return lua_tostring(L, -1);
    }
    lua_replace(L, -2);
    lua_pushnil(L);
    lua_setfield(L, 1, name);
    return bind_tostring(L, -1);
}

/* The bytes for a SYN with data; -1: no Fast Open. */
static int64_t fastopen_bytes(lua_State *L)
{
    const char *text = take_field(L, "fastopen", "-1");
    return g_ascii_strtoll(text, NULL, 10);
}

static int script_connect(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);
    struct tcp_config config = { 0 };
    struct ip_addr remote;
    int64_t bytes = fastopen_bytes(L);
    struct tcp_syn_data data = { &blob_pattern, 0, (uint32_t)bytes, 0 };

    bind_read_tcp_config(L, 1, &config, NULL);
    network_prepare(c->talk->net);
    node_address(c->talk->peer, &remote);
    struct bind_connect connect = { node_tcp(c->talk->host), &config };
    struct tcp_conn *conn = bind_push_connection(L, net_of(L), &connect);
    int error = tcp_connect_fastopen(conn, NULL, 0, &remote, TALK_PORT, bytes < 0 ? NULL : &data);
    if (error)
        bind_fail(L, "script.connect: %s", g_strerror(error));
    return 1;
}

/* ---- The usual beginning -------------------------------------------------------------------- */

/* Calls script.NAME with the texts, nil-terminated. */
static void say(lua_State *L, const char *name, const char *first, const char *second)
{
    push_word(L, "script", name);
    lua_pushstring(L, first);
    if (second)
        lua_pushstring(L, second);
    lua_call(L, second ? 2 : 1, 0);
}

/* The segments of the host's so far are the usual ones. */
static void skip_heard(lua_State *L, struct conversation *c)
{
    run_to(L, c, c->talk->net->sim->now + INSTANT);
    c->talk->line->next = c->talk->line->heard->len;
}

static int script_accepted(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);
    const char *rtt = take_field(L, "rtt", "100ms"), *win = take_field(L, "win", "257");
    const char *offer = take_field(L, "offer", "mss 1000,sackOK,nop,nop,nop,wscale 7");

    script_listen(L, self);
    lua_pushfstring(L, "S 0:0(0) win 32792 <%s>", offer);
    say(L, "inject", lua_tostring(L, -1), NULL);
    skip_heard(L, c);
    lua_pushfstring(L, ". 1:1(0) ack 1 win %s", win);
    say(L, "inject", rtt, lua_tostring(L, -1));
    return script_accept(L, self);
}

static int script_connected(lua_State *L, struct bind_object *self)
{
    struct conversation *c = conversation(L);
    const char *rtt = take_field(L, "rtt", "100ms"), *win = take_field(L, "win", "65535");
    const char *offer = take_field(L, "offer", "mss 1000,sackOK,nop,nop,nop,wscale 7");

    script_connect(L, self);
    skip_heard(L, c);
    lua_pushfstring(L, "S. 0:0(0) ack 1 win %s <%s>", win, offer);
    say(L, "inject", rtt, lua_tostring(L, -1));
    lua_pop(L, 1);
    skip_heard(L, c);
    return 1;
}

const struct bind_method bind_script[] = {
    { "host", script_host, 0, 1, "script.host([{ sysctl = {...} }])",
      "the host of the conversation, with these options of net:host; without it a plain one" },
    { "listen", script_listen, 0, 1, "script.listen([{...}])",
      "the host listens; options as of script.connect, and backlog" },
    { "accept", script_accept, 0, 0, "script.accept()",
      "the next connection that the host accepts, or nil" },
    { "close", script_close, 0, 0, "script.close()", "the host ends listening" },
    { "connect", script_connect, 0, 1, "script.connect([{...}])",
      "the host connects to the peer; options of sockets by name: nodelay, cork, mss, ...; "
      "fastopen = bytes are for the SYN" },
    { "accepted", script_accepted, 0, 1, "script.accepted([{...}])",
      "listen, the usual handshake, accept: the peer offers mss 1000, SACK, wscale 7; offer, rtt "
      "(100 ms) and win (257) may be others, and there are the options of sockets" },
    { "connected", script_connected, 0, 1, "script.connected([{...}])",
      "the same from the other end: connect and its handshake" },
    { "inject", script_inject, 1, 2, "script.inject([delay,] segment)",
      "the peer sends \"P. 1:1001(1000) ack 1 win 257 <...>\", the delay after the last word; "
      "several at once are \"P. 1:10001(10*1000) ack 1 win 257\"" },
    { "expect", script_expect, 1, 2, "script.expect([delay,] segment)",
      "this is the next segment that the host sends, or burst, the delay (\"+1s\", \"+1s~2s\") "
      "after the last word; win and <...> may be left open" },
    { "silence", script_silence, 0, 1, "script.silence([span])",
      "the host has sent nothing else, and sends nothing for that long" },
    { "port", script_port, 1, 1, "script.port(number)",
      "from here on the peer speaks from this port, and only what the host sends to it is looked "
      "at; 40000 at first" },
    { "rate", script_rate, 1, 1, "script.rate(rate)",
      "from here on what the host sends leaves at this rate, and more waits in its queue; at first "
      "nothing waits" },
    { "isn", script_isn, 0, 0, "script.isn()",
      "the number of the host's SYN, as it is on the wire" },
    { "id", script_id, 0, 0, "script.id()",
      "the IP identification of the last segment that was expected" },
    { "icmp", script_icmp, 2, 3, "script.icmp(error, seq [, mtu])",
      "an ICMP error about the host's segment at seq: \"fragmentation needed\", \"host "
      "unreachable\", ..." },
    { "sleep", script_sleep, 1, 1, "script.sleep(span)", "time passes" },
    { "tolerance", script_tolerance, 1, 1, "script.tolerance(span)",
      "how much earlier or later than stated a segment may leave; 4 ms at first" },
    BIND_METHODS_END,
};
