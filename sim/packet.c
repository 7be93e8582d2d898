#include "sim/packet.h"

#include "sim/sim.h"

/* Under AddressSanitizer a packet that has ended must not be touched any more, but for its first
 * word, which is the pool's, and `sim`, by which packet_each knows it. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>

static void mark_alive(struct packet *packet)
{
    ASAN_UNPOISON_MEMORY_REGION(packet, sizeof *packet);
}

static void mark_dead(struct packet *packet)
{
    size_t link = sizeof packet->next, sim = offsetof(struct packet, sim);
    size_t after = sim + sizeof packet->sim;

    ASAN_POISON_MEMORY_REGION((char *)packet + link, sim - link);
    ASAN_POISON_MEMORY_REGION((char *)packet + after, sizeof *packet - after);
}
#else
static inline void mark_alive(struct packet *packet)
{
}

static inline void mark_dead(struct packet *packet)
{
}
#endif

_Static_assert(offsetof(struct packet, next) == 0, "the pool links through the first word");

static struct packet *packet_take(struct sim *sim)
{
    struct packet *packet = pool_take(&sim->packets.pool);

    mark_alive(packet);
    return packet;
}

struct packet *packet_new(struct sim *sim)
{
    struct packet *packet = packet_take(sim);

    memset(packet, 0, offsetof(struct packet, buf));
    packet->sim = sim;
    packet->id = ++sim->packets.created;
    packet->born = sim->now;
    packet->head = packet->tail = PACKET_BUF;
    return packet;
}

struct packet *packet_clone(const struct packet *packet)
{
    struct packet *copy = packet_take(packet->sim);

    *copy = *packet;
    copy->flags &= (uint8_t)~PACKET_OWNED;
    copy->id = ++packet->sim->packets.created;
    copy->next = NULL;
    blob_ref(copy->blob);
    return copy;
}

struct packet *packet_slice(const struct packet *packet, uint32_t from, uint32_t length)
{
    uint32_t header = packet_header_len(packet);
    uint32_t end = from + length;

    assert(from <= packet_len(packet) && length <= packet_len(packet) - from);
    struct packet *piece = packet_new(packet->sim);
    piece->flow = packet->flow;
    piece->flow_hash = packet->flow_hash;
    piece->mark = packet->mark;
    piece->flags = packet->flags & (uint8_t)~PACKET_OWNED;
    piece->transmission = packet->transmission;
    piece->ifindex = packet->ifindex;
    piece->born = packet->born;
    if (from < header) {
        uint32_t n = (end < header ? end : header) - from;
        memcpy(packet_push(piece, n), packet->buf + packet->head + from, n);
    }
    if (end > header && length > 0) {
        uint32_t skip = from > header ? from - header : 0;
        uint32_t stop = end - header;
        packet_set_payload(piece, blob_ref(packet->blob), packet->offset + skip, stop - skip);
    }
    return piece;
}

struct packet_visit {
    void (*visit)(const struct packet *packet, void *data);
    void *data;
};

static void visit_alive(void *object, void *data)
{
    const struct packet *packet = object;
    const struct packet_visit *visit = data;

    if (packet->sim)
        visit->visit(packet, visit->data);
}

/* Free ones are marked first: they have no simulation. */
void packet_each(struct sim *sim, void (*visit)(const struct packet *packet, void *data),
                 void *data)
{
    struct packet_visit alive = { visit, data };

    for (void *free = sim->packets.pool.free; free; free = *(void **)free)
        ((struct packet *)free)->sim = NULL;
    pool_each(&sim->packets.pool, visit_alive, &alive);
}

void packet_release(struct packet *packet)
{
    if (packet->flags & PACKET_OWNED)
        packet_owner_left(packet->owner, packet_truesize(packet));
    blob_unref(packet->blob);
    pool_give(&packet->sim->packets.pool, packet);
    mark_dead(packet);
}

void packet_delivered(struct packet *packet)
{
    packet->sim->packets.delivered++;
    packet_release(packet);
}

void packet_consumed(struct packet *packet)
{
    packet->sim->packets.consumed++;
    packet_release(packet);
}

void packet_replaced(struct packet *packet)
{
    packet->sim->packets.consumed++;
    packet->id = ++packet->sim->packets.created;
}

static void drop_empty_payload(struct packet *packet)
{
    if (packet->payload_len == 0) {
        blob_unref(packet->blob);
        packet->blob = NULL;
    }
}

/* Moves the headers down to make room behind them, from the network header on: an ICMP error wants
 * to quote it even when it has been pulled. */
static bool slide(struct packet *packet, uint32_t by)
{
    uint32_t from = packet->l3 && packet->l3 < packet->head ? packet->l3 : packet->head;

    if (by > from)
        return false;
    memmove(packet->buf + from - by, packet->buf + from, packet->tail - from);
    packet->head = (uint16_t)(packet->head - by);
    packet->tail = (uint16_t)(packet->tail - by);
    packet->l3 = (uint8_t)(packet->l3 > by ? packet->l3 - by : 0);
    packet->l4 = (uint8_t)(packet->l4 > by ? packet->l4 - by : 0);
    return true;
}

bool packet_gather(struct packet *packet, uint32_t n)
{
    uint32_t more = n - packet_header_len(packet);

    if (more > packet->payload_len)
        return false;
    if (packet->tail + more > PACKET_BUF && !slide(packet, packet->tail + more - PACKET_BUF))
        return false;
    memcpy(packet->buf + packet->tail, blob_span(packet->blob, packet->offset, more), more);
    packet->tail = (uint16_t)(packet->tail + more);
    packet->offset += more;
    packet->payload_len -= more;
    drop_empty_payload(packet);
    return true;
}

void packet_trim(struct packet *packet, uint32_t length)
{
    uint32_t header = packet_header_len(packet);

    assert(length <= packet_len(packet));
    if (length >= header) {
        packet->payload_len = length - header;
    } else {
        packet->tail = (uint16_t)(packet->head + length);
        packet->payload_len = 0;
    }
    drop_empty_payload(packet);
}

void packet_read(const struct packet *packet, uint32_t from, void *out, uint32_t length)
{
    uint32_t header = packet_header_len(packet);
    uint8_t *to = out;

    assert(from <= packet_len(packet) && length <= packet_len(packet) - from);
    if (from < header && length > 0) {
        uint32_t n = length < header - from ? length : header - from;
        memcpy(to, packet->buf + packet->head + from, n);
        to += n;
        from += n;
        length -= n;
    }
    if (length > 0)
        memcpy(to, blob_span(packet->blob, packet->offset + from - header, length), length);
}
