#include "sim/drop.h"

#include "sim/sim.h"

struct drop_log {
    struct drop_count *counts;
    uint16_t used, capacity;
    struct meter total;
    struct series *record;
};

static struct drop_log *log_of(struct drops *place)
{
    if (!place->log)
        place->log = g_new0(struct drop_log, 1);
    return place->log;
}

static struct drop_count *count_of(struct drop_log *log, const struct drop_reason *reason)
{
    for (unsigned i = 0; i < log->used; i++)
        if (log->counts[i].reason == reason)
            return &log->counts[i];
    if (log->used == log->capacity) {
        log->capacity = log->capacity ? (uint16_t)(log->capacity * 2) : 2;
        log->counts = g_renew(struct drop_count, log->counts, log->capacity);
    }
    log->counts[log->used] = (struct drop_count){ .reason = reason };
    return &log->counts[log->used++];
}

void packet_drop(struct packet *packet, struct drops *place, const struct drop_reason *reason)
{
    struct sim *sim = packet->sim;
    struct drop_log *log = log_of(place);
    struct drop_count *count = count_of(log, reason);

    count->packets++;
    count->bytes += packet_len(packet);
    meter_add(&log->total, sim->now, 1);
    if (log->record)
        series_add(log->record, sim->now, (double)log->total.value);
    if (sim->on_drop)
        sim->on_drop(sim->on_drop_data, packet, place, reason);
    sim->packets.dropped++;
    packet_release(packet);
}

const struct drop_count *drops_counts(const struct drops *place, unsigned *n)
{
    *n = place->log ? place->log->used : 0;
    return place->log ? place->log->counts : NULL;
}

uint64_t drops_packets(const struct drops *place, const struct drop_reason *reason)
{
    uint64_t packets = 0;
    unsigned n;
    const struct drop_count *counts = drops_counts(place, &n);

    for (unsigned i = 0; i < n; i++)
        if (!reason || counts[i].reason == reason)
            packets += counts[i].packets;
    return packets;
}

const struct meter *drops_total(const struct drops *place)
{
    static const struct meter nothing = { 0 };

    return place->log ? &place->log->total : &nothing;
}

void drops_record(struct drops *place, struct series *series)
{
    log_of(place)->record = series;
}

void drops_fini(struct drops *place)
{
    if (!place->log)
        return;
    g_free(place->log->counts);
    meter_fini(&place->log->total);
    g_free(place->log);
    place->log = NULL;
}
