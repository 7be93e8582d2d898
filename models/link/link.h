/* A link direction: a transmitter with its queue at one end, a pipe to the other.
 *
 * It is two structs, the transmit side at the sender and the receive side at the receiver.  All
 * randomness is drawn on the transmit side.
 *
 * Heartbeat.  link_send() hands a frame to the transmitter.  If that is idle the frame starts at
 * once; else it waits in the queueing discipline.  A frame that starts at s leaves completely at
 * s + serialisation and arrives `delay` later; it is put into the pipe with its arrival time, and
 * only the first frame of the pipe has an event.
 *
 * Behind a discipline that is a FIFO there is no transmit-complete event.  Frames that wait are the
 * uncommitted tail: link_sync() starts all whose turn has come, with the times at which they really
 * started, and it is called by whoever looks: the next frame to be sent, the arrival of the last
 * frame in the pipe, a change of rate or delay, a reader of the queue's depth, the end of the run.
 * A discipline that decides at dequeue, and any impairment, needs the right moment: then an event
 * (`ready`) wakes the transmitter, only while something waits.  Both ways give the same results.
 * Invariant: while frames wait, the pipe holds a frame (lazy) or `ready` is pending.
 *
 * Super-segments (gso_size) wait in the queue as one packet and are cut when their turn comes,
 * segment by segment: no wire carries one.  While one is being cut, the rest of it waits in front
 * of the transmitter and no more in the discipline, as segments do in the ring of a real card.
 * Where the queue stands for a buffer in the network (link_set_buffer) they are cut in front of it,
 * and each segment counts.
 *
 * What a bit costs: preamble 8 bytes, frame with FCS 4 and at least 64, inter-frame gap 12, rounded
 * up to a picosecond. */
#ifndef WEFT_MODELS_LINK_LINK_H
#define WEFT_MODELS_LINK_LINK_H

#include "models/qdisc/qdisc.h"
#include "sim/meter.h"
#include "sim/sim.h"

struct impair;
struct link_extra;
struct link_rx;
struct link_watch;

/* Of propagation, jitter and reordering each, in seconds: a day is farther than any spacecraft is,
 * and their sum with the longest run stays within the clock. */
#define LINK_DELAY_MAX 86400

enum { LINK_FCS = 4, LINK_MIN_FRAME = 64, LINK_PREAMBLE_AND_GAP = 20 };

/* Bytes of wire time that a frame of `length` bytes (without FCS) takes. */
static inline uint32_t link_wire_bytes(uint32_t length)
{
    uint32_t frame = length + LINK_FCS;
    return (frame < LINK_MIN_FRAME ? LINK_MIN_FRAME : frame) + LINK_PREAMBLE_AND_GAP;
}

enum link_state {
    LINK_UP,
    LINK_DOWN,   /* both ends know: nothing is sent */
    LINK_SILENT, /* cut without notice: frames are sent and lost */
};

/* Transmit side. */
struct link_tx {
    struct sim *sim;
    struct link_rx *rx;
    struct qdisc *queue;  /* NULL: Linux's default, made when a frame has to wait; link_queue() */
    sim_time busy_until;  /* the transmitter is free from then on */
    sim_time delay;       /* propagation */
    uint64_t ps_per_byte; /* 0 if the rate does not divide 8e12: then by division */
    uint64_t rate_bps;
    uint64_t packets;           /* started */
    struct meter bytes, busy;   /* ditto; picoseconds spent sending */
    sim_time last_arrival;      /* of the frames in order: a link does not reorder by itself */
    struct actor actor;         /* orders arrivals */
    struct link_extra *extra;   /* what most directions do without; NULL: all of it */
    struct packet_owner *owner; /* of the frame that is being sent, or NULL */
    struct packet *super;       /* what is left of the super-segment that is being cut, or NULL */
    struct drops *drops;
    uint32_t owned; /* bytes, for the owner */
    uint8_t state;  /* enum link_state */
    bool fifo;      /* so is the queue, if there is one */
    bool shut;      /* the queue lets nothing pass */
    bool plain;     /* up, at a rate in whole ps a byte, and nothing looks at the frames */
    bool lazy;      /* no transmit-complete events needed */
    bool eager;     /* asked to use them all the same: a test of the rule above */
    bool prompt;    /* owners want to be told of departures at once, until all is sent */
    bool piece;     /* behind a gate: the frame taken last is a piece of a super-segment */
    bool buffer;    /* the queue stands for one in the network: what waits there has left its owner,
                       and super-segments are cut before it */
};

struct link_extra {
    struct link_tx *tx;
    struct link_watch *watch; /* taps and records; NULL if nobody listens */
    struct impair *impair;    /* NULL: a perfect link */
    struct link_gate *gate;   /* who says when to send; NULL: nobody */
    uint32_t early;           /* bytes after which frames are handed over; 0: all */
    struct event ready;       /* the transmitter is free and something waits */
    struct actor ready_actor;
};

/* Receive side.  `deliver` takes the frame over at its arrival. */
struct link_rx {
    struct event arrival;
    struct packet_fifo pipe; /* in order of arrival */
    struct link_tx *tx;
    void (*deliver)(struct link_rx *rx, struct packet *packet);
};

/* What an observer of a transmit side is told; all times are those at which it happened, which a
 * lazily drained queue may report late but in order. */
struct link_watch_ops {
    void (*started)(struct link_watch *watch, struct packet *packet, sim_time at, bool piece);
    /* A super-segment is about to be cut. */
    void (*cut)(struct link_watch *watch, struct packet *super, sim_time at);
    void (*queue)(struct link_watch *watch, const struct qdisc *queue, sim_time at);
};

struct link_watch {
    const struct link_watch_ops *ops;
};

/* Takes the sending over from the transmit side, whose queue it serves: a medium that is shared. */
struct link_gate;

struct link_gate_ops {
    /* There is something to send: link_take. */
    void (*wanted)(struct link_gate *gate);
};

struct link_gate {
    const struct link_gate_ops *ops;
};

/* Connects a transmit side to a receive side.  `name` is the direction's name ("a-eth1"), from
 * which its identity and random streams follow.  Takes `queue` over; NULL is Linux's default, pfifo
 * with a limit of 1000 packets. */
void link_init(struct link_tx *tx, struct link_rx *rx, struct sim *sim, const char *name,
               struct qdisc *queue, struct drops *drops);

/* Drops what is queued and in flight, and frees what the direction owns. */
void link_fini(struct link_tx *tx);

/* The discipline in front of the transmitter; never NULL. */
struct qdisc *link_queue(struct link_tx *tx);

/* Packets that wait in it. */
static inline uint32_t link_waiting(const struct link_tx *tx)
{
    return tx->queue ? tx->queue->packets : 0;
}

/* Packets that wait, in the queue or half cut. */
static inline uint32_t link_pending(const struct link_tx *tx)
{
    return link_waiting(tx) + (tx->super != NULL);
}

/* Sends a frame (Ethernet header first, no FCS), which may be a super-segment.  Takes it over. What
 * became of it in the queue, which is the sender's own unless it stands for a buffer in the
 * network: nobody is told what happens there.  XMIT_CN on a link that is down, as of Linux's
 * noop_qdisc. */
enum xmit link_send(struct link_tx *tx, struct packet *frame);

/* Starts all frames whose turn came by now: what is waiting after that waits indeed. */
void link_sync(struct link_tx *tx);

/* The owners of packets (packet_own) are told when these have left; from now on, while there are
 * any, at the moment itself, not when somebody looks. */
void link_prompt(struct link_tx *tx);

/* Frames under way keep the times they got; no frame is lost. */
void link_set_rate(struct link_tx *tx, uint64_t rate_bps);
void link_set_delay(struct link_tx *tx, sim_time delay);

/* Replaces the discipline, which is the sender's own; frames that wait move over in their order. */
void link_set_queue(struct link_tx *tx, struct qdisc *queue);

/* The same, but the queue is a buffer of the network rather than the sender's own: owners of
 * packets that enter it are told at once that these have left, and senders not that it is full. */
void link_set_buffer(struct link_tx *tx, struct qdisc *queue);

/* Takes `impair` over (NULL: none). */
void link_set_impair(struct link_tx *tx, struct impair *impair);

/* The receiver gets each frame when its first `bytes` bytes have arrived; 0: when all have.  What
 * is shorter is handed over whole. */
void link_set_early(struct link_tx *tx, uint32_t bytes);

/* How long after it was handed over the last bit of a frame of `length` bytes arrives. */
sim_time link_rest(const struct link_tx *tx, uint32_t length);

/* Puts a gate in front, which is the caller's; the link sends nothing by itself from then on, and
 * impairments have no effect. */
void link_set_gate(struct link_tx *tx, struct link_gate *gate);

/* For the gate: the next frame of the queue, or NULL. */
struct packet *link_take(struct link_tx *tx);

/* For the gate: a frame was sent from `at` on. */
void link_account(struct link_tx *tx, struct packet *packet, sim_time at);

/* The impairment in effect, or NULL. */
const struct impair *link_impair(const struct link_tx *tx);

/* Has `watch` told of what happens from now on (NULL: nobody); it is the caller's. */
void link_set_watch(struct link_tx *tx, struct link_watch *watch);

/* Whom link_set_watch set. */
static inline struct link_watch *link_watcher(const struct link_tx *tx)
{
    return __builtin_expect(tx->extra != NULL, 0) ? tx->extra->watch : NULL;
}

/* LINK_DOWN and LINK_SILENT lose what is in flight; LINK_DOWN also what is queued. */
void link_set_state(struct link_tx *tx, enum link_state state);

/* The time spent sending so far, of which a frame half sent counts half. */
sim_time link_busy_time(struct link_tx *tx);

/* Forces the path with transmit-complete events (for tests). */
void link_set_eager(struct link_tx *tx, bool eager);

/* For impairments: puts a frame on the wire that arrives at `arrival`. */
void link_propagate(struct link_tx *tx, struct packet *packet, sim_time arrival);

/* The same for a frame that goes astray: those sent after it need not wait for it. */
void link_propagate_aside(struct link_tx *tx, struct packet *packet, sim_time arrival);

extern const struct drop_reason drop_link_down;

#endif
