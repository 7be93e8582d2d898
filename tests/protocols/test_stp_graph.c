/* Random graphs of bridges, of which random wires fail and recover: after each round every port has
 * the role and state that the priority vectors give, and what forwards is one tree per connected
 * part.
 *
 * The reference knows the graph and no protocol: all bridges at once take the best of what their
 * neighbours would say, as often as there are bridges (IEEE 802.1D-2004 17.6).  WEFT_SEEDS sets how
 * many graphs of each kind are tried. */
#include <stdlib.h>

#include "sim/rng.h"
#include "tests/support/bridges.h"
#include "tests/support/suite.h"

enum { BRIDGES_MAX = 18, ROUNDS = 6 };

/* ---- The reference ------------------------------------------------------------------------- */

struct word {
    uint64_t root, cost, bridge, port, own_port;
};

static int word_compare(const struct word *a, const struct word *b)
{
    const uint64_t x[] = { a->root, a->cost, a->bridge, a->port, a->own_port };
    const uint64_t y[] = { b->root, b->cost, b->bridge, b->port, b->own_port };

    for (int i = 0; i < 5; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static bool wire_works(const struct wire *wire)
{
    return wire->up && !wire->silent;
}

static unsigned index_of(const struct yard_port *port)
{
    unsigned i;

    g_assert(g_ptr_array_find(port->bridge->yard->bridges, port->bridge, &i));
    return i;
}

static struct word word_of(const struct yard_port *port, const struct word *best)
{
    const struct word *b = &best[index_of(port)];
    return (struct word){ b->root, b->cost, port->bridge->stp.id, port->stp.id, 0 };
}

/* best[i]: the way of bridge i to its root; own_port 0 if it is the root. */
static void reference(const struct yard *yard, struct word *best)
{
    for (unsigned i = 0; i < yard->bridges->len; i++) {
        const struct yard_bridge *b = yard->bridges->pdata[i];
        best[i] = (struct word){ .root = b->stp.id, .bridge = b->stp.id };
    }
    for (unsigned round = 0; round < yard->bridges->len; round++)
        for (unsigned i = 0; i < yard->wires->len; i++) {
            const struct wire *wire = yard->wires->pdata[i];
            for (int e = 0; e < 2 && wire_works(wire); e++) {
                const struct yard_port *to = wire->end[e];
                struct word way = word_of(wire->end[!e], best);
                way.cost += to->stp.cost;
                way.own_port = to->stp.id;
                if (word_compare(&way, &best[index_of(to)]) < 0)
                    best[index_of(to)] = way;
            }
        }
}

static enum stp_role role_of(const struct wire *wire, int e, const struct word *best)
{
    const struct word *b = &best[index_of(wire->end[e])];
    struct word mine = word_of(wire->end[e], best), other = word_of(wire->end[!e], best);

    if (b->own_port == wire->end[e]->stp.id)
        return STP_ROLE_ROOT;
    if (word_compare(&mine, &other) < 0)
        return STP_ROLE_DESIGNATED;
    return mine.bridge == other.bridge ? STP_ROLE_BACKUP : STP_ROLE_ALTERNATE;
}

/* ---- The check ----------------------------------------------------------------------------- */

static unsigned find(unsigned *part, unsigned i)
{
    while (part[i] != i)
        i = part[i] = part[part[i]];
    return i;
}

/* Joins the parts of the graph by the wires that work, or that forward; how many are left.  A wire
 * that forwards within one part closes a loop. */
static unsigned parts(const struct yard *yard, bool forwarding, bool *loop)
{
    unsigned part[BRIDGES_MAX], n = yard->bridges->len;

    *loop = false;
    for (unsigned i = 0; i < yard->bridges->len; i++)
        part[i] = i;
    for (unsigned i = 0; i < yard->wires->len; i++) {
        const struct wire *wire = yard->wires->pdata[i];
        if (!wire_works(wire) || (forwarding && !wire_forwards(wire)))
            continue;
        unsigned a = find(part, index_of(wire->end[0])), b = find(part, index_of(wire->end[1]));
        *loop |= a == b;
        n -= a != b;
        part[a] = b;
    }
    return n;
}

static void check_port(const struct wire *wire, int e, const struct word *best, const char *when)
{
    const struct stp_port *port = wire_port(wire, e);
    enum stp_role want = role_of(wire, e, best);
    bool forwards = want == STP_ROLE_ROOT || want == STP_ROLE_DESIGNATED;
    const struct yard_bridge *b = wire->end[e]->bridge;

    ck_assert_msg(port->role == want, "%s: %s port %u is %s, not %s", when, b->name, port->number,
                  stp_role_name(port->role), stp_role_name(want));
    ck_assert_msg(port->state == (forwards ? STP_FORWARDING : STP_BLOCKING), "%s: %s port %u is %s",
                  when, b->name, port->number, stp_state_name(STP_CLASSIC, port->state));
}

static void check_tree(const struct yard *yard, const char *when)
{
    struct word best[BRIDGES_MAX];
    bool loop, cycle;

    reference(yard, best);
    for (unsigned i = 0; i < yard->wires->len; i++)
        for (int e = 0; e < 2 && wire_works(yard->wires->pdata[i]); e++)
            check_port(yard->wires->pdata[i], e, best, when);
    for (unsigned i = 0; i < yard->bridges->len; i++) {
        const struct yard_bridge *b = yard->bridges->pdata[i];
        ck_assert_uint_eq(b->stp.root.root, best[i].root);
        ck_assert_uint_eq(b->stp.root.cost, best[i].cost);
    }
    ck_assert_uint_eq(parts(yard, true, &loop), parts(yard, false, &cycle));
    ck_assert_msg(!loop, "%s: a loop forwards", when);
}

/* ---- The graphs ---------------------------------------------------------------------------- */

enum kind { ALL_STP, ALL_RSTP, MIXED };

static enum stp_mode mode_of(struct rng *rng, enum kind kind)
{
    bool rapid = kind == MIXED ? rng_below(rng, 2) : kind == ALL_RSTP;
    return rapid ? STP_RAPID : STP_CLASSIC;
}

static struct wire *random_wire(struct yard *yard, struct rng *rng, unsigned a, unsigned b)
{
    yard->port_config.cost = rng_below(rng, 2) ? 0 : 1 + (uint32_t)rng_below(rng, 60000);
    yard->port_config.priority = 16 * (uint32_t)rng_below(rng, 16);
    struct wire *wire = yard_wire(yard->bridges->pdata[a], yard->bridges->pdata[b]);
    wire->delay = (sim_time)(1 + rng_below(rng, 1000)) * SIM_US;
    return wire;
}

static void build(struct yard *yard, struct rng *rng, enum kind kind)
{
    unsigned n = 3 + (unsigned)rng_below(rng, BRIDGES_MAX - 2);
    struct stp_config config = yard_config(STP_RAPID);

    config.cost_method = STP_COST_LONG;
    for (unsigned i = 0; i < n; i++) {
        config.mode = (int)mode_of(rng, kind);
        config.priority = 4096 * (uint32_t)rng_below(rng, 4);
        yard_bridge_with(yard, &config);
        if (i > 0)
            random_wire(yard, rng, (unsigned)rng_below(rng, i), i);
    }
    for (unsigned i = (unsigned)rng_below(rng, n + 1); i > 0; i--) {
        unsigned a = (unsigned)rng_below(rng, n), b = (unsigned)rng_below(rng, n);
        random_wire(yard, rng, a, b);
    }
    yard_start(yard);
}

/* A third of the wires fail, half of those silently; those that had failed come back. */
static void upset(struct yard *yard, struct rng *rng)
{
    for (unsigned i = 0; i < yard->wires->len; i++) {
        struct wire *wire = yard->wires->pdata[i];
        bool fails = rng_below(rng, 3) == 0;
        if (!wire_works(wire)) {
            wire_down(wire);
            wire_up(wire);
        } else if (fails && rng_below(rng, 2)) {
            wire_cut(wire);
        } else if (fails) {
            wire_down(wire);
        }
    }
}

static void try_graph(uint64_t seed, enum kind kind)
{
    static const char *const kinds[] = { "STP", "RSTP", "mixed" };
    struct yard yard;
    struct rng rng;

    yard_init(&yard, seed);
    rng_init(&rng, seed, "graph", kinds[kind]);
    build(&yard, &rng, kind);
    for (unsigned round = 0; round < ROUNDS; round++) {
        char *when = g_strdup_printf("%s, seed %u, round %u", kinds[kind], (unsigned)seed, round);
        yard_run(&yard, yard.sim->now + 150 * SIM_S);
        check_tree(&yard, when);
        g_free(when);
        upset(&yard, &rng);
        yard_run(&yard, yard.sim->now + (sim_time)rng_below(&rng, 10 * SIM_S));
    }
    yard_end(&yard);
}

static void try_graphs(enum kind kind)
{
    const char *text = getenv("WEFT_SEEDS");
    uint64_t n = text ? strtoull(text, NULL, 10) : 5;

    for (uint64_t seed = 1; seed <= n; seed++)
        try_graph(seed, kind);
}

START_TEST(graphs_of_stp)
{
    try_graphs(ALL_STP);
}
END_TEST

START_TEST(graphs_of_rstp)
{
    try_graphs(ALL_RSTP);
}
END_TEST

START_TEST(graphs_of_both)
{
    try_graphs(MIXED);
}
END_TEST

SUITE("protocols/l2/stp graphs", graphs_of_stp, graphs_of_rstp, graphs_of_both)
