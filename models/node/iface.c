#include "models/node/iface.h"

#include <math.h>

#include "models/node/bond.h"
#include "models/node/virtual.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/sysctl.h"
#include "protocols/l2/stp.h"

DROP_REASON(bad_fcs, "bits were damaged on the wire: the frame check sequence is wrong");

static inline void count_arrival(struct iface *iface, const struct packet *frame)
{
    iface->rx_packets++;
    iface->rx_bytes += packet_len(frame);
}

/* A frame that was damaged, or that somebody looks at; what left before it came is shown before it.
 * False if it is dropped. */
__attribute__((noinline)) static bool arrived_oddly(struct iface *iface, struct packet *frame)
{
    const struct iface_watch *watch = iface_watch(iface);

    if (frame->flags & PACKET_BAD_FCS) {
        packet_drop(frame, &iface->drops, &drop_bad_fcs);
        return false;
    }
    count_arrival(iface, frame);
    if (watch && watch->taps) {
        link_sync(&iface->tx);
        tap_frame(watch->taps, frame, iface->tx.sim->now, TAP_IN, TAP_ANYWHERE);
    }
    return true;
}

static inline bool is_odd(const struct iface *iface, const struct packet *frame)
{
    return frame->flags & PACKET_BAD_FCS || link_watcher(&iface->tx);
}

bool iface_arrived(struct iface *iface, struct packet *frame)
{
    if (__builtin_expect(is_odd(iface, frame), 0))
        return arrived_oddly(iface, frame);
    count_arrival(iface, frame);
    return true;
}

/* The priority was a switch's; the tag that said it is in the frame or gone. */
static inline void receive(struct iface *iface, struct packet *frame)
{
    frame->priority = 0;
    ip_iface_input(&iface->ip, frame);
}

__attribute__((noinline)) static void receive_oddly(struct iface *iface, struct packet *frame)
{
    if (arrived_oddly(iface, frame))
        receive(iface, frame);
}

/* All that is not usual is a tail call, so that the usual way saves no registers. */
void iface_receive(struct link_rx *rx, struct packet *frame)
{
    struct iface *iface = container_of(rx, struct iface, rx);

    if (__builtin_expect(is_odd(iface, frame), 0)) {
        receive_oddly(iface, frame);
        return;
    }
    count_arrival(iface, frame);
    receive(iface, frame);
}

static void show(struct iface *iface, struct packet *frame, enum tap_direction direction)
{
    const struct iface_watch *watch = iface_watch(iface);

    if (watch && watch->taps)
        tap_frame(watch->taps, frame, frame->sim->now, direction, TAP_ANYWHERE);
}

void iface_sent(struct iface *iface, struct packet *frame)
{
    iface->tx.packets++;
    meter_add(&iface->tx.bytes, frame->sim->now, packet_len(frame));
    show(iface, frame, TAP_OUT);
}

void iface_received(struct iface *iface, struct packet *frame)
{
    iface->rx_packets++;
    iface->rx_bytes += packet_len(frame);
    show(iface, frame, TAP_IN);
}

/* ---- Observers ----------------------------------------------------------------------------- */

static void watch_started(struct link_watch *base, struct packet *packet, sim_time at, bool piece)
{
    struct iface_watch *watch = container_of(base, struct iface_watch, base);

    if (watch->probes[IFACE_QUEUE_DELAY])
        series_add(watch->probes[IFACE_QUEUE_DELAY], at, simtime_seconds(at - packet->when));
    if (watch->taps)
        tap_frame(watch->taps, packet, at, TAP_OUT, piece ? TAP_WIRE : TAP_ANYWHERE);
}

static void watch_cut(struct link_watch *base, struct packet *super, sim_time at)
{
    const struct iface_watch *watch = container_of(base, struct iface_watch, base);

    if (watch->taps)
        tap_frame(watch->taps, super, at, TAP_OUT, TAP_HOST);
}

static void watch_queue(struct link_watch *base, const struct qdisc *queue, sim_time at)
{
    struct iface_watch *watch = container_of(base, struct iface_watch, base);

    if (watch->probes[IFACE_QUEUE_PACKETS])
        series_add(watch->probes[IFACE_QUEUE_PACKETS], at, queue->packets);
    if (watch->probes[IFACE_QUEUE_BYTES])
        series_add(watch->probes[IFACE_QUEUE_BYTES], at, (double)queue->bytes);
    if (watch->probes[IFACE_MARKS])
        series_add(watch->probes[IFACE_MARKS], at, (double)queue->marks);
}

static const struct link_watch_ops watch_ops = { watch_started, watch_cut, watch_queue };

struct iface_watch *iface_watch(const struct iface *iface)
{
    struct link_watch *watch = link_watcher(&iface->tx);

    return watch && watch->ops == &watch_ops ? container_of(watch, struct iface_watch, base) : NULL;
}

static struct iface_watch *watch_make(struct iface *iface)
{
    struct iface_watch *watch = iface_watch(iface);

    if (!watch) {
        watch = g_new0(struct iface_watch, 1);
        watch->base.ops = &watch_ops;
        link_set_watch(&iface->tx, &watch->base);
    }
    return watch;
}

void iface_tap(struct iface *iface, struct tap *tap)
{
    struct tap **at = &watch_make(iface)->taps;

    link_sync(&iface->tx);
    while (*at)
        at = &(*at)->next;
    tap->next = NULL;
    *at = tap;
}

void iface_untap(struct iface *iface, struct tap *tap)
{
    link_sync(&iface->tx);
    for (struct tap **at = &watch_make(iface)->taps; *at; at = &(*at)->next)
        if (*at == tap) {
            *at = tap->next;
            return;
        }
}

void iface_record(struct iface *iface, enum iface_probe probe, struct series *series)
{
    link_sync(&iface->tx);
    watch_make(iface)->probes[probe] = series;
    if (probe == IFACE_DROPS)
        drops_record(&iface->drops, series);
}

void iface_note_stp(struct iface *iface, enum iface_probe probe, uint8_t value)
{
    struct iface_watch *watch = iface_watch(iface);

    iface->stp[probe - IFACE_STP_STATE] = (uint8_t)(value + 1);
    if (watch && watch->probes[probe])
        series_add(watch->probes[probe], iface->tx.sim->now, value);
}

static void set_ip_up(struct iface *iface, bool up)
{
    ip_iface_set_up(&iface->ip, up);
    virtual_set_up(iface, up);
}

/* A bond's links go up and down with it. */
static void set_members_up(const struct bond *bond, bool up)
{
    for (uint32_t i = 0; i < bond->n_members; i++)
        iface_set_up(bond->members[i]->iface, up);
}

/* The link is there before IP speaks up, and until it is silent. */
void iface_set_up(struct iface *iface, bool up)
{
    if (!up)
        set_ip_up(iface, false);
    if (iface->link)
        iface_set_link(iface, up && iface->peer->ip.up ? LINK_UP : LINK_DOWN);
    else if (iface->bond)
        set_members_up(iface->bond, up);
    if (up)
        set_ip_up(iface, true);
}

bool iface_running(const struct iface *iface)
{
    while (!iface->link && !iface->bond && iface->ip.up) {
        const struct iface *lower = virtual_lower(iface);
        if (!lower)
            return true;
        iface = lower;
    }
    return iface->ip.up && iface->tx.state != LINK_DOWN;
}

static void tell_carrier(struct iface *iface, bool before)
{
    bool after = iface->tx.state != LINK_DOWN;

    if (before == after)
        return;
    if (!after && iface->node->ip.sysctl->arp_evict_nocarrier)
        neigh_flush(&iface->ip, &drop_iface_down);
    network_carrier_changed(iface->node->net);
    if (iface->node->ops->carrier)
        iface->node->ops->carrier(iface, after);
    if (bond_is_member(iface))
        bond_carrier(iface, after);
}

void iface_set_carrier(struct iface *iface, bool up)
{
    bool before = iface->tx.state != LINK_DOWN;

    if (before == up)
        return;
    link_set_state(&iface->tx, up ? LINK_UP : LINK_DOWN);
    tell_carrier(iface, before);
}

void iface_set_link(struct iface *iface, enum link_state state)
{
    struct iface *peer = iface->peer;
    bool before = iface->tx.state != LINK_DOWN;

    link_set_state(&iface->tx, state);
    link_set_state(&peer->tx, state);
    tell_carrier(iface, before);
    tell_carrier(peer, before);
}

/* ---- Results and records ------------------------------------------------------------------- */

static double counted(const struct iface *iface, const struct meter *meter,
                      const struct metric_span *span)
{
    return metric_counted(meter, span, iface->tx.sim->now);
}

static double per_second(double n, const struct metric_span *span)
{
    return n / simtime_seconds(span->to - span->from);
}

/* Of a frame that is being sent, what has been sent. */
static double result_utilisation(void *object, const struct metric_span *span)
{
    struct link_tx *tx = &((struct iface *)object)->tx;
    double until =
        span->to >= tx->sim->now ? (double)link_busy_time(tx) : meter_at(&tx->busy, span->to);
    double share = per_second(until - meter_at(&tx->busy, span->from), span) / 1e12;

    return share > 1 ? 1 : share; /* the meter guesses within a frame */
}

static double result_rate(void *object, const struct metric_span *span)
{
    struct iface *iface = object;

    return 8 * per_second(counted(iface, &iface->tx.bytes, span), span);
}

static double result_bytes(void *object, const struct metric_span *span)
{
    struct iface *iface = object;

    return counted(iface, &iface->tx.bytes, span);
}

static double result_drops(void *object, const struct metric_span *span)
{
    struct iface *iface = object;

    return counted(iface, drops_total(&iface->drops), span);
}

static double now_queue_packets(void *object)
{
    struct iface *iface = object;
    link_sync(&iface->tx);
    return link_queue(&iface->tx)->packets;
}

static double now_queue_bytes(void *object)
{
    struct iface *iface = object;
    link_sync(&iface->tx);
    return (double)link_queue(&iface->tx)->bytes;
}

static double now_drops(void *object)
{
    return (double)drops_total(&((struct iface *)object)->drops)->value;
}

static double now_marks(void *object)
{
    return (double)link_queue(&((struct iface *)object)->tx)->marks;
}

static double now_busy(void *object)
{
    return (double)link_busy_time(&((struct iface *)object)->tx);
}

static double now_bytes(void *object)
{
    struct iface *iface = object;
    link_sync(&iface->tx);
    return (double)iface->tx.bytes.value;
}

/* NAN where no spanning tree runs. */
static double now_stp_state(void *object)
{
    uint8_t value = ((struct iface *)object)->stp[0];
    return value ? value - 1 : NAN;
}

static double now_stp_role(void *object)
{
    uint8_t value = ((struct iface *)object)->stp[1];
    return value ? value - 1 : NAN;
}

const struct metric iface_metrics[] = {
    { "utilisation", "1", "fraction of the time in which the transmitter was busy", METRIC_RATE, -1,
      1e-12, result_utilisation, now_busy },
    { "rate", "bit/s", "frames sent, without preamble, FCS and gap", METRIC_RATE, -1, 8,
      result_rate, now_bytes },
    { "bytes", "B", "bytes of the frames sent", METRIC_RESULT, -1, 1, result_bytes, NULL },
    { "drops", "packets", "packets dropped here, for all reasons", METRIC_GAUGE, IFACE_DROPS, 1,
      result_drops, now_drops },
    { "queue_packets", "packets", "packets waiting in the queue", METRIC_GAUGE, IFACE_QUEUE_PACKETS,
      1, NULL, now_queue_packets },
    { "queue_bytes", "B", "bytes waiting in the queue", METRIC_GAUGE, IFACE_QUEUE_BYTES, 1, NULL,
      now_queue_bytes },
    { "queue_delay", "s", "time that each packet waited in the queue", METRIC_SAMPLE,
      IFACE_QUEUE_DELAY, 1, NULL, NULL },
    { "marks", "packets", "packets marked by the queue (ECN CE)", METRIC_GAUGE, IFACE_MARKS, 1,
      NULL, now_marks },
    { "stp_state", "", "of a switch's port: what spanning tree lets it do", METRIC_GAUGE,
      IFACE_STP_STATE, 1, NULL, now_stp_state, stp_state_words },
    { "stp_role", "", "of a switch's port: its place in the spanning tree", METRIC_GAUGE,
      IFACE_STP_ROLE, 1, NULL, now_stp_role, stp_role_words },
    METRIC_END,
};
