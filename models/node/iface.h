/* An interface: where a node meets a link.  It joins the IP layer's view of it, the transmit side
 * of one link direction and the receive side of the other. */
#ifndef WEFT_MODELS_NODE_IFACE_H
#define WEFT_MODELS_NODE_IFACE_H

#include "models/link/link.h"
#include "models/link/tap.h"
#include "models/metric.h"
#include "protocols/ip/iface.h"

struct bond;
struct link;
struct node;
struct segment;

/* What can be recorded of an interface when it changes. */
enum iface_probe {
    IFACE_QUEUE_PACKETS,
    IFACE_QUEUE_BYTES,
    IFACE_QUEUE_DELAY,
    IFACE_DROPS,
    IFACE_MARKS,
    IFACE_STP_STATE,
    IFACE_STP_ROLE,
    IFACE_PROBES
};

/* Observers, made when the first one comes. */
struct iface_watch {
    struct link_watch base;
    struct tap *taps;
    struct series *probes[IFACE_PROBES];
};

struct iface {
    struct link_rx rx; /* first what a frame that arrives touches */
    uint64_t rx_packets, rx_bytes;
    struct ip_iface ip; /* name, MAC, addresses, MTU, neighbours */
    struct link_tx tx;
    struct node *node;
    struct link *link;
    struct iface *peer;      /* the other end */
    struct segment *segment; /* of network_segments, if it is a host's or router's */
    uint32_t index;          /* in node->ifaces */
    uint8_t stp[2]; /* of a switch with spanning tree: 1 + state and role; see iface_note_stp */
    struct drops drops;
    struct bond *bond; /* that it is, or is a member of; NULL: none (bond.h) */
};

/* The interface's observers, or NULL if there are none. */
struct iface_watch *iface_watch(const struct iface *iface);

/* What a host or router does with a frame that arrived: takes it over, and up to IP. */
void iface_receive(struct link_rx *rx, struct packet *frame);

/* Counts a frame that arrived and shows it to the taps; false if it was damaged and is dropped. */
bool iface_arrived(struct iface *iface, struct packet *frame);

/* What an interface without a cable (virtual.h, bond.h) sends or gets is counted and shown. */
void iface_sent(struct iface *iface, struct packet *frame);
void iface_received(struct iface *iface, struct packet *frame);

/* Administratively up or down; a link is up when both its ends are. */
void iface_set_up(struct iface *iface, bool up);

/* The state of the link in both directions.  Nodes notice LINK_DOWN and its end, nothing else. */
void iface_set_link(struct iface *iface, enum link_state state);

/* The same for an interface without a cable: can it send? */
void iface_set_carrier(struct iface *iface, bool up);

/* Switched on, and its link, or that of the interface below it, has carrier (Linux's IFF_RUNNING).
 */
bool iface_running(const struct iface *iface);

/* Adds or removes a listener; the tap is the caller's. */
void iface_tap(struct iface *iface, struct tap *tap);
void iface_untap(struct iface *iface, struct tap *tap);

/* Records a probe into `series` (NULL: no more); the series is the caller's. */
void iface_record(struct iface *iface, enum iface_probe probe, struct series *series);

/* Notes the state or role that spanning tree gives a port (IFACE_STP_STATE, IFACE_STP_ROLE), for
 * records. */
void iface_note_stp(struct iface *iface, enum iface_probe probe, uint8_t value);

/* Results and records of an interface; of struct iface. */
extern const struct metric iface_metrics[];

extern const struct drop_reason drop_bad_fcs;

#endif
