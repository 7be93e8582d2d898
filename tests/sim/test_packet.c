/* Packets against flat byte arrays: whatever is done to headers and payload slices, the bytes are
 * those of the reference. */
#include "sim/packet.h"

#include <stdlib.h>
#include <string.h>

#include "sim/rng.h"
#include "sim/sim.h"
#include "tests/support/suite.h"

enum { FLAT_MAX = 70000 };

static struct rng rng;

static uint32_t below(uint32_t n)
{
    return (uint32_t)rng_below(&rng, n);
}

struct pair {
    struct packet *packet;
    uint8_t *flat;
    uint32_t length;
};

static uint8_t *random_bytes(uint32_t n)
{
    uint8_t *bytes = malloc(n + 1);
    for (uint32_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)below(256);
    return bytes;
}

static void check_pair(const struct pair *p)
{
    static uint8_t bytes[FLAT_MAX];

    ck_assert_uint_eq(packet_len(p->packet), p->length);
    packet_read(p->packet, 0, bytes, p->length);
    ck_assert_mem_eq(bytes, p->flat, p->length);
    ck_assert(!p->packet->blob == (p->packet->payload_len == 0));
    ck_assert_uint_le(p->packet->head, p->packet->tail);
    ck_assert_uint_le(p->packet->tail, PACKET_BUF);
    if (p->length > 0) {
        uint32_t from = below(p->length), n = below(p->length - from + 1);
        packet_read(p->packet, from, bytes, n);
        ck_assert_mem_eq(bytes, p->flat + from, n);
    }
}

/* Headers of random bytes over a payload of pattern or of bytes. */
static struct pair pair_new(struct sim *sim)
{
    struct pair p = { .packet = packet_new(sim) };
    uint32_t header = below(80), payload = below(4) ? below(3000) : 0;
    uint64_t offset = rng_u64(&rng) >> 20;
    struct blob *blob = NULL;

    p.length = header + payload;
    p.flat = random_bytes(p.length);
    memcpy(packet_push(p.packet, header), p.flat, header);
    if (below(2)) {
        blob = blob_ref(&blob_pattern);
        memcpy(p.flat + header, blob_span(blob, offset, payload), payload);
    } else {
        uint32_t before = below(100);
        blob = blob_new(before + payload + 10);
        memcpy(blob->bytes + before, p.flat + header, payload);
        offset = before;
    }
    packet_set_payload(p.packet, blob, offset, payload);
    return p;
}

static void pair_end(struct pair *p)
{
    packet_consumed(p->packet);
    free(p->flat);
}

static void push_header(struct pair *p)
{
    uint32_t n = below(30);
    if (n > p->packet->head)
        return;
    uint8_t *flat = random_bytes(n + p->length);
    memcpy(flat + n, p->flat, p->length);
    memcpy(packet_push(p->packet, n), flat, n);
    free(p->flat);
    p->flat = flat;
    p->length += n;
}

static void pull_header(struct pair *p)
{
    uint32_t n = below(packet_header_len(p->packet) + 1);
    packet_pull(p->packet, n);
    p->length -= n;
    memmove(p->flat, p->flat + n, p->length);
}

static void gather(struct pair *p)
{
    uint32_t n = below(160), had = packet_header_len(p->packet);
    bool ok = packet_need(p->packet, n);

    if (ok) {
        ck_assert_uint_ge(packet_header_len(p->packet), n);
        ck_assert_mem_eq(packet_data(p->packet), p->flat, n);
    } else {
        ck_assert(n > p->length || n > PACKET_BUF || p->packet->l3 != 0);
        ck_assert_uint_eq(packet_header_len(p->packet), had);
    }
}

static void trim(struct pair *p)
{
    p->length = below(p->length + 1);
    packet_trim(p->packet, p->length);
}

static void slice(struct pair *p)
{
    uint32_t from = below(p->length + 1), n = below(p->length - from + 1);
    struct pair piece = { .packet = packet_slice(p->packet, from, n), .length = n };

    piece.flat = malloc(n + 1);
    memcpy(piece.flat, p->flat + from, n);
    check_pair(&piece);
    if (below(2)) { /* go on with the piece */
        pair_end(p);
        *p = piece;
    } else {
        pair_end(&piece);
    }
}

static void clone(struct pair *p)
{
    struct pair copy = { .packet = packet_clone(p->packet), .length = p->length };

    copy.flat = malloc(p->length + 1);
    memcpy(copy.flat, p->flat, p->length);
    ck_assert_uint_ne(copy.packet->id, p->packet->id);
    trim(p); /* what happens to the one does not touch the other */
    if (p->packet->head < p->packet->tail && packet_header_len(p->packet) <= p->length)
        p->flat[0] = p->packet->buf[p->packet->head] ^= 0xff;
    check_pair(&copy);
    if (below(2)) {
        pair_end(p);
        *p = copy;
    } else {
        pair_end(&copy);
    }
}

START_TEST(random_operations_keep_the_bytes)
{
    static void (*const operations[])(struct pair *) = { push_header, pull_header, gather,
                                                         trim,        slice,       clone };
    struct sim *sim = sim_new(1);

    rng_init(&rng, 1, "test", "packet");
    for (int i = 0; i < 5000; i++) {
        struct pair p = pair_new(sim);
        check_pair(&p);
        for (uint32_t steps = below(12); steps > 0; steps--) {
            operations[below(6)](&p);
            check_pair(&p);
        }
        pair_end(&p);
        ck_assert_ptr_null(sim_leaks(sim));
    }
    sim_free(sim);
}
END_TEST

START_TEST(a_new_packet_is_empty)
{
    struct sim *sim = sim_new(1);

    sim->now = 5 * SIM_S;
    struct packet *a = packet_new(sim), *b = packet_new(sim);
    ck_assert_uint_eq(packet_len(a), 0);
    ck_assert_uint_eq(a->head, PACKET_BUF);
    ck_assert_ptr_null(a->blob);
    ck_assert_int_eq(a->born, 5 * SIM_S);
    ck_assert_uint_eq(a->id, 1);
    ck_assert_uint_eq(b->id, 2);
    ck_assert_uint_eq((uintptr_t)a % 64, 0);
    packet_consumed(a);
    packet_consumed(b);
    sim_free(sim);
}
END_TEST

/* A recycled packet carries nothing over. */
START_TEST(a_recycled_packet_is_as_new)
{
    struct sim *sim = sim_new(1);
    struct packet *old = packet_new(sim);

    memset(packet_push(old, 20), 0xaa, 20);
    packet_set_payload(old, blob_copy("xyz", 3), 0, 3);
    old->flags = 0xff & ~PACKET_OWNED, old->mark = 7, old->flow = 8, old->gso_size = 9, old->l3 = 1,
    old->l4 = 2;
    packet_delivered(old);
    struct packet *packet = packet_new(sim);
    ck_assert_ptr_eq(packet, old);
    ck_assert(packet->flags == 0 && packet->mark == 0 && packet->flow == 0);
    ck_assert(packet->gso_size == 0 && packet->l3 == 0 && packet->l4 == 0 && !packet->blob);
    ck_assert_uint_eq(packet_len(packet), 0);
    packet_consumed(packet);
    sim_free(sim);
}
END_TEST

START_TEST(slices_carry_what_belongs_to_the_data)
{
    struct sim *sim = sim_new(1);
    struct packet *packet = packet_new(sim);

    packet_push(packet, 40);
    packet_set_payload(packet, blob_ref(&blob_pattern), 1000, 5000);
    packet->flow = 3, packet->flow_hash = 4, packet->mark = 5, packet->transmission = 2;
    packet->flags = PACKET_CSUM_PENDING, packet->gso_size = 1448, packet->l3 = packet->l4 = 60;
    struct packet *piece = packet_slice(packet, 140, 1448);
    ck_assert(piece->flow == 3 && piece->flow_hash == 4 && piece->mark == 5);
    ck_assert(piece->transmission == 2 && piece->flags == PACKET_CSUM_PENDING);
    ck_assert(piece->gso_size == 0 && piece->l3 == 0 && piece->l4 == 0);
    ck_assert_uint_eq(piece->offset, 1100);
    ck_assert_uint_eq(packet_header_len(piece), 0);
    struct packet *nothing = packet_slice(packet, 200, 0);
    ck_assert_ptr_null(nothing->blob);
    packet_consumed(nothing);
    packet_consumed(piece);
    packet_consumed(packet);
    ck_assert_ptr_null(sim_leaks(sim));
    sim_free(sim);
}
END_TEST

/* A blob lives as long as the last packet that refers to it. */
START_TEST(payload_references_are_counted)
{
    struct sim *sim = sim_new(1);
    struct blob *blob = blob_copy("0123456789", 10);
    struct packet *packet = packet_new(sim);

    packet_set_payload(packet, blob_ref(blob), 0, 10);
    struct packet *copy = packet_clone(packet), *piece = packet_slice(packet, 3, 4);
    ck_assert_uint_eq(blob->refs, 4);
    packet_trim(copy, 0);
    ck_assert_uint_eq(blob->refs, 3);
    ck_assert(packet_need(piece, 4)); /* all of it moves into the headers */
    ck_assert_uint_eq(blob->refs, 2);
    ck_assert_mem_eq(packet_data(piece), "3456", 4);
    packet_consumed(packet);
    ck_assert_uint_eq(blob->refs, 1);
    struct packet *empty = packet_new(sim);
    packet_set_payload(empty, blob_ref(blob), 0, 0);
    ck_assert_uint_eq(blob->refs, 1);
    packet_set_payload(empty, blob_ref(blob), 2, 5);
    packet_set_payload(empty, blob_ref(blob), 3, 5); /* in place of the other */
    ck_assert_uint_eq(blob->refs, 2);
    packet_consumed(empty);
    packet_consumed(copy);
    packet_consumed(piece);
    blob_unref(blob);
    sim_free(sim);
}
END_TEST

/* created = delivered + dropped + consumed + alive, at each moment. */
START_TEST(counts_add_up)
{
    struct sim *sim = sim_new(1);
    struct packet *alive[50] = { NULL };

    rng_init(&rng, 2, "test", "packet");
    for (int i = 0; i < 20000; i++) {
        struct packet **slot = &alive[below(50)];
        if (!*slot)
            *slot = packet_new(sim);
        else if (below(3) == 0)
            packet_delivered(*slot), *slot = NULL;
        else if (below(2) == 0)
            packet_consumed(*slot), *slot = NULL;
        else
            packet_consumed(packet_clone(*slot));
        const struct packet_pool *p = &sim->packets;
        ck_assert_uint_eq(p->created, p->delivered + p->dropped + p->consumed + p->pool.live);
    }
    for (int i = 0; i < 50; i++)
        if (alive[i])
            packet_delivered(alive[i]);
    ck_assert_ptr_null(sim_leaks(sim));
    sim_free(sim);
}
END_TEST

START_TEST(fifos_keep_order)
{
    struct sim *sim = sim_new(1);
    struct packet_fifo fifo;

    packet_fifo_init(&fifo);
    ck_assert_ptr_null(packet_fifo_pop(&fifo));
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 10; i++) {
            struct packet *packet = packet_new(sim);
            packet->mark = (uint32_t)i;
            packet_fifo_push(&fifo, packet);
        }
        for (uint32_t i = 0; i < 10; i++) {
            struct packet *packet = packet_fifo_pop(&fifo);
            ck_assert_uint_eq(packet->mark, i);
            packet_consumed(packet);
        }
        ck_assert_ptr_null(packet_fifo_pop(&fifo));
    }
    ck_assert_ptr_null(sim_leaks(sim));
    sim_free(sim);
}
END_TEST

SUITE("sim/packet", random_operations_keep_the_bytes, a_new_packet_is_empty,
      a_recycled_packet_is_as_new, slices_carry_what_belongs_to_the_data,
      payload_references_are_counted, counts_add_up, fifos_keep_order)
