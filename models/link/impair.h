/* What a real link does to frames: loses them (independently, in bursts, by pattern), damages bits,
 * delays them unevenly, reorders and duplicates them.
 *
 * Everything is decided on the transmit side, in the order in which frames are sent, each effect
 * from a random stream of its own: switching one on does not change what another does. */
#ifndef WEFT_MODELS_LINK_IMPAIR_H
#define WEFT_MODELS_LINK_IMPAIR_H

#include "models/link/link.h"
#include "sim/rng.h"

/* A random span: what jitter adds to the delay. */
enum impair_dist { IMPAIR_UNIFORM, IMPAIR_NORMAL, IMPAIR_EXPONENTIAL, IMPAIR_PARETO };

/* Loses the frame if it says so; `data` is the owner's. */
typedef bool (*impair_predicate)(void *data, const struct packet *frame, sim_time at);

struct impair_config {
    double loss;             /* probability of losing a frame */
    double ber;              /* probability that a bit is hit; the receiver's FCS check drops */
    uint64_t every;          /* lose each n-th frame; 0: none */
    const uint64_t *numbers; /* lose these frames (from 1, ascending); not owned, copied */
    size_t n_numbers;

    /* Gilbert-Elliott: a Markov chain steps once a frame between a good and a bad state (E. O.
     * Elliott, "Estimates of error rates for codes on burst-noise channels", 1963). */
    bool burst;
    double good_to_bad, bad_to_good; /* transition probabilities */
    double loss_good, loss_bad;      /* loss in each state */

    sim_time jitter; /* scale of the extra delay */
    enum impair_dist jitter_dist;
    bool jitter_reorders; /* else a frame waits for the one before it */
    double reorder;       /* probability of an extra delay that lets others overtake */
    sim_time reorder_delay;
    double duplicate; /* probability of a second copy */

    impair_predicate predicate;
    void *predicate_data;
    void (*predicate_free)(void *data); /* NULL if not needed */
};

struct impair;

/* Streams are named after `name`, the direction.  NULL if the configuration does nothing. */
struct impair *impair_new(const struct impair_config *config, uint64_t seed, const char *name);
void impair_free(struct impair *impair);

/* What it was made of. */
const struct impair_config *impair_config(const struct impair *impair);

/* Whether it draws random numbers, rather than following a pattern. */
bool impair_is_random(const struct impair *impair);

/* Decides the frame's fate: its last bit leaves `tx` at `end`.  Takes the frame over. */
void impair_apply(struct impair *impair, struct link_tx *tx, struct packet *frame, sim_time end);

extern const struct drop_reason drop_loss, drop_loss_pattern;

#endif
