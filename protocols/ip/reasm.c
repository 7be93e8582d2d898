/* Reassembly of fragments (RFC 791 3.2, RFC 815; rules as in Linux's ip_fragment.c).
 *
 * A queue collects what shares source, destination, identification and protocol.  Its clock starts
 * with the first piece to arrive and is not restarted.  Pieces that repeat what is there are
 * dropped; a piece that overlaps in part ends the whole queue, for it is a mistake or an attack
 * (RFC 5722 makes that a rule for IPv6).  When all is there the first piece becomes the datagram;
 * if the others' data follow it in the same blob, as fragments of one payload do, nothing is
 * copied. */
#include "protocols/ip/icmp.h"
#include "protocols/ip/state.h"

DROP_REASON(frag_timeout, "the other fragments did not come in time");
DROP_REASON(frag_overlap, "fragments overlap");
DROP_REASON(frag_duplicate, "the fragment's data was there already");
DROP_REASON(frag_malformed, "fragments that cannot be of one datagram");
DROP_REASON(frag_memory, "too many fragments wait (ipfrag_high_thresh)");
DROP_REASON(frag_too_far, "too many other fragments came in between (ipfrag_max_dist)");

enum { REASM_BUCKETS = 64 };

enum { REASM_FIRST = 1, REASM_LAST = 2 };

struct reasm_queue {
    struct reasm_queue *chain; /* of the bucket, or of the idle ones */
    struct ip_stack *ip;
    struct ip_iface *iface; /* the last piece came by */
    ip4 src, dst;
    uint16_t id;
    uint8_t proto;
    uint8_t flags;
    uint8_t ecn;                    /* a bit for each codepoint seen */
    uint32_t len;                   /* of the whole data, as far as known */
    uint32_t meat;                  /* bytes of it that are there */
    uint32_t distance;              /* the source's count of fragments at the last piece */
    uint32_t max_size, max_df_size; /* largest fragment; largest with DF */
    struct packet *pieces;          /* by offset; packet_data() is behind the IP header */
    struct timer timer;
};

/* Queues that ended wait to be used again: their timers may have left events behind. */
struct reasm_table {
    struct reasm_queue *buckets[REASM_BUCKETS];
    struct reasm_queue *idle;
    GHashTable *distances; /* source -> fragments seen from it */
    uint32_t memory;
};

static void reasm_expire(struct sim *sim, struct timer *timer);

/* ---- Pieces -------------------------------------------------------------------------------- */

static const struct ipv4_wire *header_of(const struct packet *piece)
{
    return (const struct ipv4_wire *)(piece->buf + piece->l3);
}

static uint32_t offset_of(const struct packet *piece)
{
    return (get_be16(header_of(piece)->frag) & IPV4_OFFSET) * 8u;
}

static uint32_t end_of(const struct packet *piece)
{
    return offset_of(piece) + packet_len(piece);
}

static uint32_t memory_of(const struct packet *piece)
{
    return ip_truesize(packet_len(piece));
}

/* ---- Queues -------------------------------------------------------------------------------- */

static struct reasm_queue **bucket_of(struct ip_stack *ip, const struct ipv4 *h)
{
    uint64_t key = ((uint64_t)h->src << 32 | h->dst) ^ (uint64_t)h->id << 16 ^ h->proto;
    return &ip->state->reasm->buckets[(key * 0x9e3779b97f4a7c15u) >> 58];
}

static struct reasm_queue *queue_new(struct ip_stack *ip, const struct ipv4 *h)
{
    struct reasm_table *table = ip->state->reasm;
    struct reasm_queue *queue = table->idle;

    if (queue) {
        table->idle = queue->chain;
    } else {
        queue = g_new0(struct reasm_queue, 1);
        timer_init(&queue->timer, ip->actor, reasm_expire);
    }
    struct timer timer = queue->timer;
    *queue = (struct reasm_queue){
        .ip = ip, .src = h->src, .dst = h->dst, .id = h->id, .proto = h->proto, .timer = timer
    };
    timer_set(ip->sim, &queue->timer, ip->sim->now + ip->sysctl->frag_time * SIM_S);
    return queue;
}

static struct reasm_queue *queue_get(struct ip_stack *ip, const struct ipv4 *h)
{
    struct reasm_queue **bucket = bucket_of(ip, h);

    for (struct reasm_queue *q = *bucket; q; q = q->chain)
        if (q->src == h->src && q->dst == h->dst && q->id == h->id && q->proto == h->proto)
            return q;
    struct reasm_queue *queue = queue_new(ip, h);
    queue->chain = *bucket;
    *bucket = queue;
    return queue;
}

/* Drops all pieces. */
static void queue_empty(struct reasm_queue *queue, const struct drop_reason *reason)
{
    struct packet *piece;

    while ((piece = queue->pieces)) {
        queue->pieces = piece->next;
        queue->ip->state->reasm->memory -= memory_of(piece);
        ip_drop(queue->ip, piece, reason);
    }
    queue->flags = queue->ecn = 0;
    queue->len = queue->meat = queue->max_size = queue->max_df_size = 0;
}

/* Takes the queue out of the table; it has no pieces. */
static void queue_end(struct reasm_queue *queue)
{
    struct reasm_table *table = queue->ip->state->reasm;
    struct ipv4 key = {
        .src = queue->src, .dst = queue->dst, .id = queue->id, .proto = queue->proto
    };
    struct reasm_queue **at = bucket_of(queue->ip, &key);

    while (*at != queue)
        at = &(*at)->chain;
    *at = queue->chain;
    timer_cancel(queue->ip->sim, &queue->timer);
    queue->chain = table->idle;
    table->idle = queue;
}

static void queue_fail(struct reasm_queue *queue, const struct drop_reason *reason)
{
    ip_count(queue->ip, IpReasmFails);
    queue_empty(queue, reason);
    queue_end(queue);
}

/* RFC 1122 3.3.2: the source learns of the loss if the first fragment came. */
static void reasm_expire(struct sim *sim, struct timer *timer)
{
    struct reasm_queue *queue = container_of(timer, struct reasm_queue, timer);
    struct ip_stack *ip = queue->ip;

    ip_count(ip, IpReasmTimeout);
    if (queue->flags & REASM_FIRST)
        icmp_error(ip, queue->pieces, queue->iface, ICMP_TIME_EXCEEDED, ICMP_REASSEMBLY_EXCEEDED,
                   0);
    queue_fail(queue, &drop_frag_timeout);
}

/* ---- Taking a piece in --------------------------------------------------------------------- */

/* A queue from whose source too much else has come since may mix two datagrams, for identifications
 * repeat. */
static bool too_far(struct reasm_queue *queue)
{
    struct ip_stack *ip = queue->ip;
    GHashTable *distances = ip->state->reasm->distances;
    uint32_t seen = GPOINTER_TO_UINT(g_hash_table_lookup(distances, GUINT_TO_POINTER(queue->src)));
    uint32_t was = queue->distance;

    queue->distance = ++seen;
    g_hash_table_insert(distances, GUINT_TO_POINTER(queue->src), GUINT_TO_POINTER(seen));
    return ip->sysctl->frag_max_dist && queue->pieces && seen - was > ip->sysctl->frag_max_dist;
}

/* What the piece says about the datagram's length agrees with what others said. */
static bool length_agrees(struct reasm_queue *queue, uint32_t end, bool last)
{
    if (last) {
        if (end < queue->len || (queue->flags & REASM_LAST && end != queue->len))
            return false;
        queue->flags |= REASM_LAST;
        queue->len = end;
    } else if (end > queue->len) {
        if (queue->flags & REASM_LAST)
            return false;
        queue->len = end;
    }
    return true;
}

/* Where the piece belongs; NULL if it is no news (*reason frag_duplicate) or overlaps. */
static struct packet **place_of(struct reasm_queue *queue, uint32_t offset, uint32_t end,
                                const struct drop_reason **reason)
{
    struct packet **at = &queue->pieces;
    uint32_t run = 0; /* up to here everything is there, from where the piece starts or before */
    bool inside = false;

    for (; *at && offset_of(*at) < end; at = &(*at)->next) {
        if (end_of(*at) <= offset)
            continue;
        if (!inside && offset_of(*at) > offset)
            break; /* begins in a gap and runs into this one */
        if (inside && offset_of(*at) > run)
            break;
        inside = true;
        run = end_of(*at);
        if (run >= end) {
            *reason = &drop_frag_duplicate;
            return NULL;
        }
    }
    if (!inside && (!*at || offset_of(*at) >= end))
        return at;
    *reason = &drop_frag_overlap;
    return NULL;
}

static void note_header(struct reasm_queue *queue, const struct ipv4 *h)
{
    queue->ecn |= (uint8_t)(1 << (h->tos & 3));
    if (h->length > queue->max_size)
        queue->max_size = h->length;
    if (h->frag & IPV4_DF && h->length > queue->max_df_size)
        queue->max_df_size = h->length;
    if ((h->frag & IPV4_OFFSET) == 0)
        queue->flags |= REASM_FIRST;
}

/* Puts the piece into the queue; NULL, or why it was not (then it is still the caller's). */
static const struct drop_reason *queue_insert(struct reasm_queue *queue, struct packet *piece,
                                              const struct ipv4 *h)
{
    const struct drop_reason *reason = NULL;
    uint32_t offset = (h->frag & IPV4_OFFSET) * 8u;
    bool last = !(h->frag & IPV4_MF);

    if (!last)
        packet_trim(piece, packet_len(piece) & ~7u);
    uint32_t end = offset + packet_len(piece);
    if (!length_agrees(queue, end, last) || end == offset)
        return &drop_frag_malformed;
    struct packet **at = place_of(queue, offset, end, &reason);
    if (!at)
        return reason;
    piece->next = *at;
    *at = piece;
    queue->meat += end - offset;
    queue->ip->state->reasm->memory += memory_of(piece);
    note_header(queue, h);
    return NULL;
}

/* ---- Putting together ---------------------------------------------------------------------- */

/* RFC 3168 5.3: congestion experienced by one is experienced by all; 0xff if fragments with and
 * without ECN are mixed. */
static uint8_t ecn_of_all(uint8_t seen)
{
    enum { NOT_ECT = 1 << 0, CE = 1 << 3 };

    if (seen & NOT_ECT && seen != NOT_ECT)
        return 0xff;
    return seen & CE ? 3 : 0;
}

/* Whether all data behind the first piece's inline bytes lies in one stretch of one blob. */
static bool is_one_stretch(const struct packet *first)
{
    const struct blob *blob = first->blob;
    uint64_t next = first->offset + first->payload_len;

    for (const struct packet *piece = first->next; piece; piece = piece->next) {
        if (packet_header_len(piece) > 0)
            return false;
        if (!blob) {
            blob = piece->blob;
            next = piece->offset;
        }
        if (piece->blob != blob || piece->offset != next)
            return false;
        next += piece->payload_len;
    }
    return true;
}

static void join_stretch(struct packet *first, uint32_t data)
{
    const struct packet *second = first->next;
    uint32_t payload = data - packet_header_len(first);

    if (!first->blob && second)
        packet_set_payload(first, blob_ref(second->blob), second->offset, payload);
    first->payload_len = payload;
}

static void join_copied(struct packet *first, uint32_t data)
{
    uint32_t inline_len = packet_header_len(first);
    struct blob *blob = blob_new(data - inline_len);

    packet_read(first, inline_len, blob->bytes, first->payload_len);
    for (const struct packet *piece = first->next; piece; piece = piece->next)
        packet_read(piece, 0, blob->bytes + offset_of(piece) - inline_len, packet_len(piece));
    packet_set_payload(first, blob, 0, data - inline_len);
}

/* Joins the pieces into the first and ends the others. */
static void join(struct packet *first, uint32_t data)
{
    struct packet *piece = first->next;

    if (is_one_stretch(first))
        join_stretch(first, data);
    else
        join_copied(first, data);
    first->next = NULL;
    while (piece) {
        struct packet *next = piece->next;
        first->flags |= piece->flags & (PACKET_UNTRUSTED | PACKET_RETRANSMIT);
        packet_consumed(piece);
        piece = next;
    }
}

/* The header of the whole: the first fragment's, with the length, DF only if the largest fragment
 * had it, and the ECN field of all. */
static void finish_header(const struct reasm_queue *queue, struct packet *packet, uint8_t ecn)
{
    struct ipv4_wire *h = ipv4_at(packet_data(packet));

    h->length = put_be16((uint16_t)packet_len(packet));
    h->frag = put_be16(queue->max_df_size == queue->max_size ? IPV4_DF : 0);
    h->tos |= ecn;
    ipv4_finish(packet_data(packet));
}

static struct packet *complete(struct reasm_queue *queue)
{
    struct packet *first = queue->pieces;
    uint8_t ecn = ecn_of_all(queue->ecn);

    if (ecn == 0xff || queue->len + (uint32_t)(first->head - first->l3) > IPV4_DATAGRAM_MAX) {
        queue_fail(queue, &drop_frag_malformed);
        return NULL;
    }
    for (const struct packet *piece = first; piece; piece = piece->next)
        queue->ip->state->reasm->memory -= memory_of(piece);
    queue->pieces = NULL;
    join(first, queue->len);
    first->head = first->l3;
    finish_header(queue, first, ecn);
    ip_count(queue->ip, IpReasmOKs);
    queue_end(queue);
    return first;
}

/* ---- From and to the outside ---------------------------------------------------------------- */

static struct reasm_table *table_get(struct ip_stack *ip)
{
    struct ip_state *state = ip_state(ip);

    if (!state->reasm) {
        state->reasm = g_new0(struct reasm_table, 1);
        state->reasm->distances = g_hash_table_new(NULL, NULL);
    }
    return state->reasm;
}

static void refuse(struct reasm_queue *queue, struct packet *packet,
                   const struct drop_reason *reason)
{
    if (reason == &drop_frag_overlap)
        ip_count(queue->ip, IpExtReasmOverlaps);
    ip_drop(queue->ip, packet, reason);
    if (reason != &drop_frag_duplicate)
        queue_fail(queue, reason);
}

struct packet *reasm_input(struct ip_stack *ip, struct packet *packet, const struct ipv4 *h,
                           struct ip_iface *iface)
{
    struct reasm_table *table = table_get(ip);
    const struct drop_reason *reason;

    ip_count(ip, IpReasmReqds);
    if (table->memory > ip->sysctl->frag_high_thresh) {
        ip_count(ip, IpReasmFails);
        ip_drop(ip, packet, &drop_frag_memory);
        return NULL;
    }
    struct reasm_queue *queue = queue_get(ip, h);
    if (too_far(queue)) {
        ip_count(ip, IpReasmFails);
        queue_empty(queue, &drop_frag_too_far);
        timer_set(ip->sim, &queue->timer, ip->sim->now + ip->sysctl->frag_time * SIM_S);
    }
    queue->iface = iface;
    packet->l3 = (uint8_t)packet->head;
    packet_pull(packet, h->header_len);
    reason = queue_insert(queue, packet, h);
    if (reason) {
        refuse(queue, packet, reason);
        return NULL;
    }
    bool whole = queue->flags == (REASM_FIRST | REASM_LAST) && queue->meat == queue->len;
    return whole ? complete(queue) : NULL;
}

void reasm_forget(struct ip_stack *ip, const struct ip_iface *iface)
{
    struct reasm_table *table = ip->state ? ip->state->reasm : NULL;

    for (int i = 0; table && i < REASM_BUCKETS; i++)
        for (struct reasm_queue *queue = table->buckets[i]; queue; queue = queue->chain)
            if (queue->iface == iface)
                queue->iface = NULL;
}

uint64_t reasm_packets(const struct ip_stack *ip)
{
    const struct reasm_table *table = ip->state ? ip->state->reasm : NULL;
    uint64_t n = 0;

    for (int i = 0; table && i < REASM_BUCKETS; i++)
        for (const struct reasm_queue *queue = table->buckets[i]; queue; queue = queue->chain)
            for (const struct packet *piece = queue->pieces; piece; piece = piece->next)
                n++;
    return n;
}

void reasm_free(struct ip_stack *ip)
{
    struct reasm_table *table = ip->state->reasm;

    if (!table)
        return;
    for (int i = 0; i < REASM_BUCKETS; i++)
        while (table->buckets[i]) {
            struct reasm_queue *queue = table->buckets[i];
            queue_empty(queue, &drop_frag_timeout);
            queue_end(queue);
        }
    while (table->idle) {
        struct reasm_queue *queue = table->idle;
        table->idle = queue->chain;
        g_free(queue);
    }
    g_hash_table_destroy(table->distances);
    g_free(table);
    ip->state->reasm = NULL;
}
