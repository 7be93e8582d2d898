#include "sim/drop.h"

#include "sim/sim.h"

static struct drop_count *count_of(struct drops *place, const struct drop_reason *reason)
{
    for (unsigned i = 0; i < place->used; i++)
        if (place->counts[i].reason == reason)
            return &place->counts[i];
    if (place->used == place->capacity) {
        place->capacity = place->capacity ? (uint16_t)(place->capacity * 2) : 2;
        place->counts = g_renew(struct drop_count, place->counts, place->capacity);
    }
    place->counts[place->used] = (struct drop_count){ .reason = reason };
    return &place->counts[place->used++];
}

void packet_drop(struct packet *packet, struct drops *place, const struct drop_reason *reason)
{
    struct sim *sim = packet->sim;
    struct drop_count *count = count_of(place, reason);

    count->packets++;
    count->bytes += packet_len(packet);
    meter_add(&place->total, sim->now, 1);
    if (place->record)
        series_add(place->record, sim->now, (double)place->total.value);
    if (sim->on_drop)
        sim->on_drop(sim->on_drop_data, packet, place, reason);
    sim->packets.dropped++;
    packet_release(packet);
}

uint64_t drops_packets(const struct drops *place, const struct drop_reason *reason)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < place->used; i++)
        if (!reason || place->counts[i].reason == reason)
            n += place->counts[i].packets;
    return n;
}

void drops_fini(struct drops *place)
{
    g_free(place->counts);
    meter_fini(&place->total);
    place->counts = NULL;
    place->used = place->capacity = 0;
}
