#include "models/link/link.h"

#include "models/link/impair.h"
#include "protocols/tcp/gso.h"

DROP_REASON(link_down, "the link was down");

static inline sim_time serialisation(const struct link_tx *tx, uint32_t length)
{
    uint64_t bytes = link_wire_bytes(length);
    if (tx->ps_per_byte)
        return (sim_time)(bytes * tx->ps_per_byte);
    return simtime_of_bits(bytes * 8, tx->rate_bps);
}

static struct link_gate *gate_of(const struct link_tx *tx)
{
    return tx->extra ? tx->extra->gate : NULL;
}

static uint32_t early_of(const struct link_tx *tx)
{
    return tx->extra ? tx->extra->early : 0;
}

/* The transmitter needs no events of its own as long as nothing depends on the moment at which a
 * frame starts.  A plain one needs not even look at the frame. */
static void choose_path(struct link_tx *tx)
{
    tx->fifo = !tx->queue || tx->queue->ops->fifo;
    tx->shut = tx->queue && tx->queue->shut && !tx->buffer;
    tx->plain = tx->state == LINK_UP && tx->ps_per_byte && !link_impair(tx) && !early_of(tx) &&
                !link_watcher(tx) && !tx->shut;
    tx->lazy = tx->fifo && !link_impair(tx) && !gate_of(tx) && !early_of(tx) &&
               tx->state == LINK_UP && !tx->eager && !tx->prompt;
}

struct qdisc *link_queue(struct link_tx *tx)
{
    if (!tx->queue) {
        tx->queue = qdisc_new(tx->sim, tx->drops, qdisc_find("pfifo"));
        tx->queue->rate_bps = tx->rate_bps;
    }
    return tx->queue;
}

enum { PREAMBLE = 8 };

sim_time link_rest(const struct link_tx *tx, uint32_t length)
{
    uint64_t all = link_wire_bytes(length);
    uint64_t early = early_of(tx);

    if (early == 0 || early + PREAMBLE >= all)
        return 0;
    return simtime_of_bits((all - PREAMBLE - early) * 8, tx->rate_bps);
}

/* Puts a frame into the pipe before those that arrive later. */
__attribute__((noinline)) static void pipe_overtake(struct link_rx *rx, struct packet *packet)
{
    struct packet **at = &rx->pipe.first;

    while ((*at)->when <= packet->when)
        at = &(*at)->next;
    packet->next = *at;
    *at = packet;
    if (rx->pipe.first == packet)
        event_schedule_ordered(rx->tx->sim, &rx->arrival, packet->when, packet->order);
}

/* Puts a frame into the pipe behind all that arrive no later. */
static inline void pipe_insert(struct link_rx *rx, struct packet *packet)
{
    const struct packet *last = container_of(rx->pipe.last, struct packet, next);

    if (!rx->pipe.first) {
        packet_fifo_push(&rx->pipe, packet);
        event_schedule_ordered(rx->tx->sim, &rx->arrival, packet->when, packet->order);
    } else if (__builtin_expect(packet->when < last->when, 0)) {
        pipe_overtake(rx, packet);
    } else {
        packet_fifo_push(&rx->pipe, packet);
    }
}

static inline void propagate(struct link_tx *tx, struct packet *packet, sim_time arrival)
{
    packet->when = arrival;
    packet->order = actor_take(&tx->actor);
    pipe_insert(tx->rx, packet);
}

void link_propagate_aside(struct link_tx *tx, struct packet *packet, sim_time arrival)
{
    propagate(tx, packet, arrival);
}

void link_propagate(struct link_tx *tx, struct packet *packet, sim_time arrival)
{
    if (arrival > tx->last_arrival)
        tx->last_arrival = arrival;
    link_propagate_aside(tx, packet, arrival);
}

/* The frame that was being sent has left. */
static void link_left(struct link_tx *tx)
{
    struct packet_owner *owner = tx->owner;

    tx->owner = NULL;
    packet_owner_left(owner, tx->owned);
}

/* The packet goes on its way, its owner waits here until it is out. */
static void take_charge(struct link_tx *tx, struct packet *packet)
{
    tx->owner = packet->owner;
    tx->owned = packet_truesize(packet);
    packet->flags &= (uint8_t)~PACKET_OWNED;
}

/* The transmitter is busy with the frame from `at` on; returns until when. */
static inline sim_time occupy(struct link_tx *tx, struct packet *packet, sim_time at,
                              uint32_t length, sim_time span)
{
    if (packet->flags & PACKET_OWNED)
        take_charge(tx, packet);
    tx->packets++;
    tx->busy.value += (uint64_t)span;
    tx->bytes.value += length;
    return tx->busy_until = at + span;
}

/* A frame in order arrives no earlier than the one before it. */
static inline void send_along(struct link_tx *tx, struct packet *packet, sim_time end)
{
    sim_time arrival = end + tx->delay;

    if (arrival < tx->last_arrival)
        arrival = tx->last_arrival;
    tx->last_arrival = arrival;
    propagate(tx, packet, arrival);
}

/* Somebody or something looks at the frame that starts. */
__attribute__((noinline)) static void start_oddly(struct link_tx *tx, struct packet *packet,
                                                  sim_time at, bool piece)
{
    uint32_t length = packet_len(packet);

    meter_add(&tx->busy, at, 0);
    meter_add(&tx->bytes, at, 0);
    sim_time end = occupy(tx, packet, at, length, serialisation(tx, length));
    struct link_watch *watch = link_watcher(tx);
    piece = piece || packet->flags & PACKET_PIECE;
    packet->flags &= (uint8_t)~PACKET_PIECE;
    if (watch)
        watch->ops->started(watch, packet, at, piece);
    if (tx->state != LINK_UP) {
        packet_drop(packet, tx->drops, &drop_link_down);
        return;
    }
    if (tx->extra) {
        end -= link_rest(tx, length);
        if (tx->extra->impair) {
            impair_apply(tx->extra->impair, tx, packet, end);
            return;
        }
    }
    send_along(tx, packet, end);
}

/* Sends the frame's bits from `at` on; it may be a piece of a super-segment.  What is not usual is
 * kept apart, so that the usual way saves no registers. */
static inline void link_start(struct link_tx *tx, struct packet *packet, sim_time at, bool piece)
{
    uint32_t length = packet_len(packet);
    sim_time span = (sim_time)(link_wire_bytes(length) * tx->ps_per_byte);

    if (__builtin_expect(tx->plain && !meter_due(&tx->busy, at) && !meter_due(&tx->bytes, at), 1))
        send_along(tx, packet, occupy(tx, packet, at, length, span));
    else
        start_oddly(tx, packet, at, piece);
}

static inline void watch_queue(struct link_tx *tx, sim_time at)
{
    struct link_watch *watch = link_watcher(tx);

    if (watch)
        watch->ops->queue(watch, link_queue(tx), at);
}

/* Begins to cut a super-segment. */
static void link_cut(struct link_tx *tx, struct packet *super, sim_time at)
{
    struct link_watch *watch = link_watcher(tx);

    tx->super = super;
    if (watch)
        watch->ops->cut(watch, super, at);
}

/* Takes what is next from the queue; a super-segment becomes the one that is being cut. */
static struct packet *link_dequeue(struct link_tx *tx, sim_time at)
{
    struct packet *packet = tx->queue->ops->dequeue(tx->queue, at);

    if (packet) {
        watch_queue(tx, at);
        if (packet->gso_size)
            link_cut(tx, packet, at);
    }
    return packet;
}

/* Starts what may start by `now`, each frame when the one before it was out. */
static void link_drain(struct link_tx *tx, sim_time now)
{
    while (tx->busy_until <= now) {
        if (tx->owner)
            link_left(tx);
        if (link_pending(tx) == 0)
            return;
        sim_time at = tx->lazy ? tx->busy_until : now;
        struct packet *packet = tx->super ? tx->super : link_dequeue(tx, at);
        bool piece = tx->super != NULL;
        if (!packet)
            return;
        link_start(tx, piece ? tcp_gso_next(&tx->super) : packet, at, piece);
    }
}

static void link_ready(struct sim *sim, struct event *ev);

static struct link_extra *link_extra(struct link_tx *tx)
{
    if (!tx->extra) {
        tx->extra = g_new0(struct link_extra, 1);
        tx->extra->tx = tx;
        event_init(&tx->extra->ready, link_ready);
    }
    return tx->extra;
}

static struct actor *ready_actor(struct link_tx *tx)
{
    struct actor *actor = &tx->extra->ready_actor;

    if (actor->next == 0) {
        char *name = g_strconcat(actor_name(tx->sim, tx->actor.next), "/ready", NULL);
        actor_init(actor, tx->sim, name);
        g_free(name);
    }
    return actor;
}

/* Sees to it that somebody looks again while frames wait. */
static void link_wake(struct link_tx *tx)
{
    struct qdisc *q = tx->queue;
    sim_time at = tx->busy_until;

    if (tx->lazy || link_pending(tx) + (tx->prompt && tx->owner) == 0 || tx->state == LINK_DOWN)
        return;
    if (gate_of(tx)) {
        tx->extra->gate->ops->wanted(tx->extra->gate);
        return;
    }
    if (at <= tx->sim->now)
        at = q && q->ops->next_time ? q->ops->next_time(q, tx->sim->now) : tx->sim->now;
    struct event *ready = &link_extra(tx)->ready;
    if (!event_pending(ready) || ready->time > at)
        event_schedule(tx->sim, ready, at, ready_actor(tx));
}

static void link_ready(struct sim *sim, struct event *ev)
{
    struct link_tx *tx = container_of(ev, struct link_extra, ready)->tx;
    link_drain(tx, sim->now);
    if (tx->prompt && !tx->owner && link_pending(tx) == 0) {
        tx->prompt = false;
        choose_path(tx);
    }
    link_wake(tx);
}

/* What is being sent will not arrive (the link was down for a moment, or an impairment has gone
 * that lost it), so that no arrival is there to look at what waits behind it. */
static void link_wake_alone(struct link_tx *tx)
{
    struct event *ready = &link_extra(tx)->ready;

    if (!event_pending(ready))
        event_schedule(tx->sim, ready, tx->busy_until, ready_actor(tx));
}

static enum xmit link_enqueue(struct link_tx *tx, struct packet *frame, sim_time now)
{
    struct qdisc *q = link_queue(tx);
    enum xmit verdict = q->ops->enqueue(q, frame, now);

    if (verdict != XMIT_DROPPED)
        watch_queue(tx, now);
    if (!tx->lazy) {
        link_drain(tx, now);
        link_wake(tx);
    } else if (__builtin_expect(!tx->rx->pipe.first && q->packets > 0, 0)) {
        link_wake_alone(tx);
    }
    return tx->buffer ? XMIT_SENT : verdict;
}

static void disown(struct packet *packet)
{
    packet->flags &= (uint8_t)~PACKET_OWNED;
    packet_owner_left(packet->owner, packet_truesize(packet));
}

/* A buffer in the network holds what a wire brings there: a super-segment is cut in front of it. */
static void send_pieces(struct link_tx *tx, struct packet *super)
{
    struct link_watch *watch = link_watcher(tx);

    if (watch)
        watch->ops->cut(watch, super, tx->sim->now);
    while (super) {
        struct packet *piece = tcp_gso_next(&super);
        if (watch)
            piece->flags |= PACKET_PIECE;
        link_send(tx, piece);
    }
}

/* The transmitter is busy or down or watched, or the frame is a super-segment, or who sends wants
 * to be told. */
__attribute__((noinline)) static enum xmit send_slowly(struct link_tx *tx, struct packet *frame)
{
    sim_time now = tx->sim->now;

    if (tx->state == LINK_DOWN) {
        packet_drop(frame, tx->drops, &drop_link_down);
        return XMIT_CN;
    }
    if (tx->buffer && frame->gso_size) {
        send_pieces(tx, frame);
        return XMIT_SENT;
    }
    bool pending = link_pending(tx) > 0;
    if (pending || tx->owner) {
        link_drain(tx, now);
        pending = link_pending(tx) > 0;
    }
    if (pending || tx->busy_until > now || !tx->fifo || tx->shut) {
        if (tx->buffer && frame->flags & PACKET_OWNED)
            disown(frame);
        return link_enqueue(tx, frame, now);
    }
    if (frame->gso_size == 0) {
        link_start(tx, frame, now, false);
        if (tx->prompt)
            link_wake(tx);
        return XMIT_SENT;
    }
    link_cut(tx, frame, now);
    tx->busy_until = now;
    link_drain(tx, now);
    link_wake(tx);
    return XMIT_SENT;
}

/* Nothing waits or is under way, and nobody wants to know. */
static inline bool is_free(const struct link_tx *tx, sim_time now)
{
    return tx->busy_until <= now && !tx->owner && !tx->super && tx->fifo && !tx->prompt &&
           tx->plain && link_waiting(tx) == 0;
}

enum xmit link_send(struct link_tx *tx, struct packet *frame)
{
    sim_time now = tx->sim->now;

    frame->when = now;
    if (!is_free(tx, now) || frame->gso_size > 0)
        return send_slowly(tx, frame);
    link_start(tx, frame, now, false);
    return XMIT_SENT;
}

void link_sync(struct link_tx *tx)
{
    if (link_pending(tx) > 0 || tx->owner)
        link_drain(tx, tx->sim->now);
}

void link_prompt(struct link_tx *tx)
{
    link_sync(tx);
    if (tx->prompt || (!tx->owner && link_pending(tx) == 0))
        return;
    tx->prompt = true;
    choose_path(tx);
    link_wake(tx);
}

/* The first frame of the pipe is here.  The next one's event is set before the frame is handed on,
 * because what the receiver does with it may come back to this link. */
static void link_arrive(struct sim *sim, struct event *ev)
{
    struct link_rx *rx = container_of(ev, struct link_rx, arrival);

    struct packet *packet = rx->pipe.first, *next = packet->next;

    packet_prefetch_headers(packet);
    rx->pipe.first = next;
    if (next) {
        event_schedule_ordered(sim, ev, next->when, next->order);
    } else {
        rx->pipe.last = &rx->pipe.first;
        if (rx->tx->lazy && link_pending(rx->tx) > 0)
            link_drain(rx->tx, sim->now);
    }
    rx->deliver(rx, packet);
}

void link_init(struct link_tx *tx, struct link_rx *rx, struct sim *sim, const char *name,
               struct qdisc *queue, struct drops *drops)
{
    *tx = (struct link_tx){ .sim = sim, .rx = rx, .queue = queue, .drops = drops };
    actor_init(&tx->actor, sim, name);
    rx->tx = tx;
    packet_fifo_init(&rx->pipe);
    event_init(&rx->arrival, link_arrive);
    link_set_rate(tx, 1000 * 1000 * 1000); /* chooses the path, too */
}

/* Loses what is on the wire. */
static void pipe_purge(struct link_rx *rx)
{
    struct packet *packet;

    event_cancel(rx->tx->sim, &rx->arrival);
    while ((packet = packet_fifo_pop(&rx->pipe)))
        packet_drop(packet, rx->tx->drops, &drop_link_down);
    rx->tx->last_arrival = rx->tx->sim->now;
}

static void drop_super(struct link_tx *tx, const struct drop_reason *reason)
{
    if (tx->super)
        packet_drop(tx->super, tx->drops, reason);
    tx->super = NULL;
}

void link_fini(struct link_tx *tx)
{
    pipe_purge(tx->rx);
    if (tx->owner)
        link_left(tx);
    drop_super(tx, &drop_end_of_run);
    if (tx->queue)
        qdisc_free(tx->queue);
    if (tx->extra) {
        event_cancel(tx->sim, &tx->extra->ready);
        impair_free(tx->extra->impair);
        g_free(tx->extra);
    }
    meter_fini(&tx->busy);
    meter_fini(&tx->bytes);
}

void link_set_early(struct link_tx *tx, uint32_t bytes)
{
    link_sync(tx);
    link_extra(tx)->early = bytes;
    choose_path(tx);
}

/* A transmitter that is never free starts nothing by itself. */
void link_set_gate(struct link_tx *tx, struct link_gate *gate)
{
    link_extra(tx)->gate = gate;
    tx->busy_until = SIM_NEVER;
    choose_path(tx);
}

struct packet *link_take(struct link_tx *tx)
{
    struct packet *packet = NULL;

    if (!tx->super && link_waiting(tx) > 0)
        packet = link_dequeue(tx, tx->sim->now);
    tx->piece = tx->super != NULL;
    return tx->super ? tcp_gso_next(&tx->super) : packet;
}

void link_account(struct link_tx *tx, struct packet *packet, sim_time at)
{
    uint32_t length = packet_len(packet);
    struct link_watch *watch = link_watcher(tx);

    tx->packets++;
    meter_add(&tx->busy, at, (uint64_t)serialisation(tx, length));
    meter_add(&tx->bytes, at, length);
    if (watch)
        watch->ops->started(watch, packet, at, tx->piece);
}

void link_set_rate(struct link_tx *tx, uint64_t rate_bps)
{
    const uint64_t byte = 8 * (uint64_t)SIM_S;

    link_sync(tx);
    tx->rate_bps = rate_bps;
    tx->ps_per_byte = byte % rate_bps == 0 ? byte / rate_bps : 0;
    choose_path(tx);
    if (tx->queue)
        tx->queue->rate_bps = rate_bps;
}

void link_set_delay(struct link_tx *tx, sim_time delay)
{
    link_sync(tx);
    tx->delay = delay;
}

static void replace_queue(struct link_tx *tx, struct qdisc *queue, bool buffer)
{
    struct qdisc *old = tx->queue;
    sim_time now = tx->sim->now;
    struct packet *packet;

    link_sync(tx);
    queue->rate_bps = tx->rate_bps;
    while (link_waiting(tx) > 0 && (packet = old->ops->dequeue(old, now)))
        queue->ops->enqueue(queue, packet, now);
    tx->queue = queue;
    tx->buffer = buffer;
    if (old)
        qdisc_free(old);
    choose_path(tx);
    watch_queue(tx, now);
    link_wake(tx);
}

void link_set_queue(struct link_tx *tx, struct qdisc *queue)
{
    replace_queue(tx, queue, false);
}

void link_set_buffer(struct link_tx *tx, struct qdisc *queue)
{
    replace_queue(tx, queue, true);
}

void link_set_impair(struct link_tx *tx, struct impair *impair)
{
    link_sync(tx);
    impair_free(link_extra(tx)->impair);
    tx->extra->impair = impair;
    if (impair && impair_is_random(impair))
        tx->sim->random = true;
    choose_path(tx);
    link_wake(tx);
}

const struct impair *link_impair(const struct link_tx *tx)
{
    return tx->extra ? tx->extra->impair : NULL;
}

void link_set_watch(struct link_tx *tx, struct link_watch *watch)
{
    link_extra(tx)->watch = watch;
    choose_path(tx);
}

void link_set_state(struct link_tx *tx, enum link_state state)
{
    link_sync(tx);
    tx->state = state;
    if (state != LINK_UP)
        pipe_purge(tx->rx);
    if (state == LINK_DOWN) {
        drop_super(tx, &drop_link_down);
        link_queue(tx)->ops->purge(tx->queue, &drop_link_down);
        watch_queue(tx, tx->sim->now);
    }
    choose_path(tx);
    link_wake(tx);
}

sim_time link_busy_time(struct link_tx *tx)
{
    link_sync(tx);
    sim_time rest = gate_of(tx) ? 0 : tx->busy_until - tx->sim->now;
    sim_time busy = (sim_time)tx->busy.value;
    return rest > 0 ? busy - rest : busy;
}

void link_set_eager(struct link_tx *tx, bool eager)
{
    link_sync(tx);
    tx->eager = eager;
    choose_path(tx);
    link_wake(tx);
}
