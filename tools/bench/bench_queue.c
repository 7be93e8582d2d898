/* Measures event queues under the hold model (hold.h): the one in use, and those it was chosen
 * over.
 *
 * usage: bench_queue [--shipped | --queue NAME] [MODEL|all [PENDING|all [HOLDS]]]
 *
 * Prints lines such as
 *   bench=hold queue=wheel model=exp pending=1000 ns_per_hold=41.2 best=40.8
 * the median and the least over batches of the thread's CPU time.  With HOLDS it only runs so many,
 * after the queue has settled: callgrind's counts for two numbers of holds differ by what the holds
 * between them cost. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/rng.h"
#include "tools/bench/hold.h"

extern const struct hold_queue heap_hold, ladder_hold, wheel_hold;

static const struct hold_queue *const queues[] = { &heap_hold, &ladder_hold, &wheel_hold };
static const char *const models[] = { "exp", "net", "fixed", "burst" };
static const uint32_t sizes[] = { 2, 10, 50, 1000, 10000, 100000, 1000000 };

enum { BATCHES = 7 };

/* Exponential, mean 1 ms. */
static void make_exp(struct hold_model *m, struct rng *rng)
{
    for (int i = 0; i < HOLD_DELAYS; i++)
        m->delays[0][i] = (sim_time)rng_exponential(rng, (double)SIM_MS);
}

/* A network: half of what is pending are frames under way on links of 10 us to 10 ms, behind a
 * serialisation of up to 12 us; half are time-outs of 200 ms to 60 s, one of which is moved at each
 * sixteenth event. */
static void make_net(struct hold_model *m, struct rng *rng)
{
    static const sim_time links[] = { 10 * SIM_US, 100 * SIM_US, SIM_MS, 10 * SIM_MS };

    for (int i = 0; i < HOLD_DELAYS; i++) {
        m->delays[0][i] = links[rng_below(rng, 4)] + (sim_time)rng_below(rng, 12304 * SIM_NS);
        m->delays[1][i] = 200 * SIM_MS + (sim_time)rng_below(rng, 59800 * SIM_MS);
    }
    m->timers = m->pending / 2;
    m->move_every = 16;
}

/* All links alike: each event comes back after 1 ms. */
static void make_fixed(struct hold_model *m, struct rng *rng)
{
    for (int i = 0; i < HOLD_DELAYS; i++)
        m->delays[0][i] = SIM_MS + (sim_time)rng_below(rng, 2);
}

/* A synchronous world: everything happens at multiples of 1 ms, many events at each. */
static void make_burst(struct hold_model *m, struct rng *rng)
{
    for (int i = 0; i < HOLD_DELAYS; i++)
        m->delays[0][i] = (sim_time)(1 + rng_below(rng, 10)) * SIM_MS;
}

static struct hold_model *model_new(const char *name, uint32_t pending)
{
    static const struct {
        const char *name;
        void (*make)(struct hold_model *, struct rng *);
    } makers[] = {
        { "exp", make_exp }, { "net", make_net }, { "fixed", make_fixed }, { "burst", make_burst }
    };
    struct hold_model *m = g_new0(struct hold_model, 1);
    struct rng rng;

    m->name = name;
    m->pending = pending;
    m->random = 1;
    m->spread = strcmp(name, "burst") != 0;
    m->owners = g_aligned_alloc0(pending, sizeof *m->owners, 64);
    rng_init(&rng, 1, "bench", name);
    for (size_t i = 0; i < G_N_ELEMENTS(makers); i++)
        if (strcmp(makers[i].name, name) == 0)
            makers[i].make(m, &rng);
    m->until_move = m->move_every;
    for (uint32_t i = 0; i < m->timers; i++)
        m->owners[i].timer = true;
    return m;
}

static void model_free(struct hold_model *m)
{
    g_aligned_free(m->owners);
    g_free(m);
}

static double cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const struct hold_queue *queue, const char *name, uint32_t pending,
                    uint64_t count_only)
{
    struct hold_model *model = model_new(name, pending);
    void *q = queue->make();
    uint64_t holds = pending < 100000 ? 1000000 : 2 * (uint64_t)pending;
    double ns[BATCHES];

    queue->fill(q, model);
    queue->run(q, model, count_only ? 20 * (uint64_t)pending : holds);
    if (count_only) {
        queue->run(q, model, count_only);
    } else {
        for (int i = 0; i < BATCHES; i++) {
            double start = cpu_ns();
            queue->run(q, model, holds);
            ns[i] = (cpu_ns() - start) / (double)holds;
        }
        qsort(ns, BATCHES, sizeof ns[0], compare);
        printf("bench=hold queue=%s model=%s pending=%u ns_per_hold=%.1f best=%.1f\n", queue->name,
               name, pending, ns[BATCHES / 2], ns[0]);
        fflush(stdout);
    }
    queue->free(q);
    model_free(model);
}

static bool wanted(const char *pattern, const char *name)
{
    return !pattern || strcmp(pattern, "all") == 0 || strcmp(pattern, name) == 0;
}

/* The patterns of the command line; NULL where none was given. */
struct choice {
    const char *queue, *model, *pending;
    uint64_t holds;
};

static struct choice choice_parse(char **argv)
{
    struct choice c = { 0 };

    argv++;
    if (*argv && strcmp(*argv, "--shipped") == 0) {
        c.queue = wheel_hold.name;
        argv++;
    } else if (*argv && strcmp(*argv, "--queue") == 0 && argv[1]) {
        c.queue = argv[1];
        argv += 2;
    }
    if (*argv)
        c.model = *argv++;
    if (*argv)
        c.pending = *argv++;
    if (*argv)
        c.holds = strtoull(*argv, NULL, 10);
    return c;
}

int main(int argc, char **argv)
{
    struct choice c = choice_parse(argv);

    for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++)
        for (size_t m = 0; m < G_N_ELEMENTS(models); m++)
            for (size_t q = 0; q < G_N_ELEMENTS(queues); q++) {
                char size[16];
                snprintf(size, sizeof size, "%u", sizes[s]);
                if (wanted(c.queue, queues[q]->name) && wanted(c.model, models[m]) &&
                    wanted(c.pending, size))
                    measure(queues[q], models[m], sizes[s], c.holds);
            }
    return 0;
}
