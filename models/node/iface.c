#include "models/node/iface.h"

#include <math.h>

#include "models/node/node.h"

DROP_REASON(bad_fcs, "bits were damaged on the wire: the frame check sequence is wrong");

void iface_receive(struct link_rx *rx, struct packet *frame)
{
    struct iface *iface = container_of(rx, struct iface, rx);

    if (__builtin_expect(frame->flags & PACKET_BAD_FCS, 0)) {
        packet_drop(frame, &iface->drops, &drop_bad_fcs);
        return;
    }
    iface->rx_packets++;
    iface->rx_bytes += packet_len(frame);
    if (__builtin_expect(iface->watch != NULL, 0) && iface->watch->taps) {
        link_sync(&iface->tx); /* what left before this frame came is shown before it */
        tap_frame(iface->watch->taps, frame, iface->tx.sim->now, TAP_IN);
    }
    ip_iface_input(&iface->ip, frame);
}

/* ---- Observers ----------------------------------------------------------------------------- */

static void watch_started(struct link_watch *base, struct packet *packet, sim_time at)
{
    struct iface_watch *watch = container_of(base, struct iface_watch, base);

    if (watch->probes[IFACE_QUEUE_DELAY])
        series_add(watch->probes[IFACE_QUEUE_DELAY], at, simtime_seconds(at - packet->when));
    if (watch->taps)
        tap_frame(watch->taps, packet, at, TAP_OUT);
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

static const struct link_watch_ops watch_ops = { watch_started, watch_queue };

static struct iface_watch *iface_watch(struct iface *iface)
{
    if (!iface->watch) {
        iface->watch = g_new0(struct iface_watch, 1);
        iface->watch->base.ops = &watch_ops;
        iface->watch->iface = iface;
        iface->tx.watch = &iface->watch->base;
    }
    return iface->watch;
}

void iface_tap(struct iface *iface, struct tap *tap)
{
    struct tap **at = &iface_watch(iface)->taps;

    link_sync(&iface->tx);
    while (*at)
        at = &(*at)->next;
    tap->next = NULL;
    *at = tap;
}

void iface_untap(struct iface *iface, struct tap *tap)
{
    link_sync(&iface->tx);
    for (struct tap **at = &iface_watch(iface)->taps; *at; at = &(*at)->next)
        if (*at == tap) {
            *at = tap->next;
            return;
        }
}

void iface_record(struct iface *iface, enum iface_probe probe, struct series *series)
{
    link_sync(&iface->tx);
    iface_watch(iface)->probes[probe] = series;
    if (probe == IFACE_DROPS)
        iface->drops.record = series;
}

void iface_set_up(struct iface *iface, bool up)
{
    iface->ip.up = up;
    if (!iface->link)
        return;
    bool both = up && iface->peer->ip.up;
    link_set_state(&iface->tx, both ? LINK_UP : LINK_DOWN);
    link_set_state(&iface->peer->tx, both ? LINK_UP : LINK_DOWN);
}
