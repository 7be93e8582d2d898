#include "models/app/datagrams.h"

static struct datagrams *datagrams_of(struct app *app)
{
    return (struct datagrams *)app->priv;
}

/* ---- Numbers ------------------------------------------------------------------------------- */

static uint64_t datagram_number(const struct stream *stream, const struct packet *packet)
{
    return packet->blob == &blob_pattern ? packet->offset >> DATAGRAM_STRIDE : STREAM_NO_NUMBER;
}

static const struct stream_ops datagram_ops = { .number = datagram_number };

/* ---- Sizes --------------------------------------------------------------------------------- */

static bool by_wire(const struct datagrams *d)
{
    return !dist_is_constant(&d->wire_size) || d->wire_size.a > 0;
}

static uint32_t next_size(struct datagrams *d)
{
    bool wire = by_wire(d);
    double drawn = dist_draw(wire ? &d->wire_size : &d->size, &d->sizes);
    double least = wire ? DATAGRAM_WIRE_MIN - DATAGRAM_WIRE : 1;
    double size = wire ? drawn - DATAGRAM_WIRE : drawn;

    size = CLAMP(size, least, (double)UDP_DATA_MAX);
    uint32_t whole = (uint32_t)(size + 0.5);
    uint64_t left = d->bytes ? d->bytes - d->stream.sent_bytes.value : UINT64_MAX;
    return left < whole ? (uint32_t)left : whole;
}

/* ---- Time ---------------------------------------------------------------------------------- */

static bool by_gaps(const struct datagrams *d)
{
    return !dist_is_constant(&d->arrival) || d->arrival.a > 0;
}

static void wait_gap(struct datagrams *d)
{
    double gap = dist_draw(&d->arrival, &d->gaps);

    d->due = simtime_add(d->due, simtime_from_seconds(MAX(gap, 0)));
}

/* Moves the due time on by what `size` bytes take at the rate, exactly. */
static void wait_rate(struct datagrams *d, uint32_t size)
{
    uint64_t bits = 8 * (uint64_t)(by_wire(d) ? size + DATAGRAM_WIRE : size);
    uint64_t span = bits * (uint64_t)SIM_S; /* < 2^59.1 */

    d->due = simtime_add(d->due, (sim_time)(span / d->rate));
    d->due_rest += span % d->rate;
    if (d->due_rest >= d->rate) {
        d->due_rest -= d->rate;
        d->due++;
    }
}

static sim_time next_time(const struct datagrams *d)
{
    return simtime_add(d->due, d->due_rest > 0);
}

static void schedule(struct datagrams *d)
{
    sim_time at = next_time(d);

    if (at < d->until)
        timer_set(d->stream.app->sim, &d->timer, at);
    else
        d->stood_since = d->until;
}

static bool limit_reached(const struct datagrams *d)
{
    const struct stream *stream = &d->stream;

    return (d->count && stream->sent.value >= d->count) ||
           (d->bytes && stream->sent_bytes.value >= d->bytes);
}

static void datagram_due(struct sim *sim, struct timer *timer)
{
    struct datagrams *d = container_of(timer, struct datagrams, timer);
    struct stream *stream = &d->stream;
    uint32_t size = next_size(d);

    stream_send(stream, &blob_pattern, stream_next(stream) << DATAGRAM_STRIDE, size);
    if (by_gaps(d))
        wait_gap(d);
    else
        wait_rate(d, size);
    if (__builtin_expect(limit_reached(d), 0))
        stream_finish(stream, next_time(d));
    else
        schedule(d);
}

void datagrams_run(struct datagrams *d, sim_time until)
{
    sim_time now = d->stream.app->sim->now;

    assert(d->stood_since != SIM_NEVER);
    d->due = simtime_add(d->due, now - d->stood_since);
    d->stood_since = SIM_NEVER;
    d->until = until;
    schedule(d);
}

/* ---- Life ---------------------------------------------------------------------------------- */

static bool check_constant(const struct app *app, const struct dist *dist, const char *name,
                           double min, double max, GError **error)
{
    if (!dist_is_constant(dist) || (dist->a >= min && dist->a <= max))
        return true;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "%s: %s must be from %.0f to %.0f bytes",
                app->name, name, min, max);
    return false;
}

static bool is_random(const struct datagrams *d)
{
    return !dist_is_constant(&d->size) || !dist_is_constant(&d->wire_size) ||
           !dist_is_constant(&d->arrival);
}

bool datagrams_init(struct app *app, GError **error)
{
    struct datagrams *d = datagrams_of(app);

    if (!stream_init(app, &datagram_ops, error))
        return false;
    timer_init(&d->timer, app->actor, datagram_due);
    rng_init(&d->sizes, app->sim->seed, app->name, "size");
    rng_init(&d->gaps, app->sim->seed, app->name, "arrival");
    app->sim->random |= is_random(d);
    if (by_wire(d))
        return check_constant(app, &d->wire_size, "wire_size", DATAGRAM_WIRE_MIN,
                              UDP_DATA_MAX + DATAGRAM_WIRE, error);
    return check_constant(app, &d->size, "size", 1, UDP_DATA_MAX, error);
}

bool datagrams_start(struct app *app)
{
    struct datagrams *d = datagrams_of(app);
    int error = stream_open(&d->stream);

    if (error) {
        app_done(app, error);
        return false;
    }
    d->due = d->stood_since = app->sim->now;
    if (by_gaps(d) && !dist_is_constant(&d->arrival))
        wait_gap(d);
    return true;
}

void datagrams_stop(struct app *app)
{
    struct datagrams *d = datagrams_of(app);

    timer_cancel(app->sim, &d->timer);
    stream_finish(&d->stream, app->sim->now);
}

void datagrams_release(struct app *app)
{
    struct datagrams *d = datagrams_of(app);

    if (d->stream.app)
        timer_cancel(app->sim, &d->timer);
    stream_release(&d->stream);
}
