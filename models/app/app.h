/* Applications: what runs on nodes and makes traffic.
 *
 * An application is a const ops table and a private struct.  Its options are a parameter table and
 * its results a metric table; the scenario language makes net:NAME{...} from them, so a new
 * application is its file and a line in modules.am.
 *
 * Life: made when the scenario asks for it (`init` checks the options), started at its start time
 * (`start`), told to stop at its stop time (`stop`), released with its network.  It reports its end
 * with app_done. */
#ifndef WEFT_MODELS_APP_APP_H
#define WEFT_MODELS_APP_APP_H

#include "models/metric.h"
#include "models/node/network.h"
#include "sim/param.h"
#include "sim/timer.h"

struct app;
struct cc_ops;
struct tcp_config;

enum app_state { APP_WAITING, APP_RUNNING, APP_DONE, APP_FAILED };

/* One end of the traffic, as a user names it: a node, an interface or an address, and a port. */
struct endpoint {
    struct node *node;   /* NULL: nobody has this address */
    struct iface *iface; /* NULL: by the routes */
    struct ip_addr addr; /* all zero: the interface's or the node's */
    uint16_t port;       /* 0: not said */
};

/* The address that stands for the endpoint; false if the node has none. */
bool endpoint_resolve(const struct endpoint *end, struct ip_addr *addr);

/* What an item of a list of results has. */
struct app_item_field {
    const char *name, *unit; /* unit NULL: a text */
};

struct app_items {
    const char *name;                    /* "hops": flow.hops in a scenario */
    const struct app_item_field *fields; /* in the order in which they are shown, NULL-terminated */
    /* One dictionary per item (type aa{sv}), whose values are numbers (d), texts (s), or lists of
     * them (ad, as); a value that an item does not have is left out.  The caller owns the
     * (floating) reference. */
    GVariant *(*list)(struct app *app);
};

struct app_ops {
    const char *name; /* "udp": net:udp{...} */
    const char *doc;
    const struct param *params;   /* in priv */
    const struct metric *metrics; /* results and records; of struct app */
    uint32_t priv_size;
    int probes;   /* how many metrics have a probe */
    bool hosted;  /* its destination must be a node, on which somebody listens */
    bool single;  /* has no destination (net:NAME{ from = } only) */
    bool many;    /* `from` and `to` may be lists, of which each use draws one */
    bool on_node; /* made by node:NAME(to, {...}) rather than net:NAME{...} */

    /* Optional: after the options are set; false with an error if they cannot be meant. */
    bool (*init)(struct app *app, GError **error);
    /* Mandatory: begin. */
    void (*start)(struct app *app);
    /* Optional: make no more traffic; what is under way may finish. */
    void (*stop)(struct app *app);
    /* Optional: let go of everything. */
    void (*release)(struct app *app);

    /* Results that the table at the end of a run shows, in this order, NULL-terminated; "limited"
     * stands for all that begin with "limited.".  NULL: the first ones of `metrics`. */
    const char *const *shown;
    /* Optional: what a reader of the results should know ("never left slow start"), or NULL; the
     * caller frees it. */
    char *(*remark)(struct app *app);

    /* Optional: results that are a list, such as the hops of a traceroute. */
    const struct app_items *items;
};

/* Told of an application's end, in event context. */
typedef void (*app_done_fn)(struct app *app, void *data);

/* Told of each new value of a probe, in the middle of what changed it: it must only take note. */
typedef void (*app_probe_fn)(struct app *app, int probe, double value, void *data);

struct app {
    const struct app_ops *ops;
    struct network *net;
    struct sim *sim;
    char *name;
    uint32_t number; /* packet->flow of its packets; from 1 in order of creation */
    uint8_t state;   /* enum app_state */
    int error;       /* errno of a failure */
    struct endpoint from, to;
    GArray *from_list, *to_list; /* of struct endpoint; NULL if one was given */
    sim_time start, stop;        /* asked for; stop SIM_NEVER: goes on */
    sim_time began, ended;       /* what happened; SIM_NEVER: not yet */
    struct timer start_timer, stop_timer;
    struct actor *actor; /* own, or the parent's */
    struct actor own_actor;
    const struct cc_ops *cc; /* app_cc: its congestion control, if one was named, */
    void *cc_params;         /* and what was said of it */
    struct series **probes;  /* NULL while nothing is recorded or watched */
    app_probe_fn on_probe;
    void *on_probe_data;
    app_done_fn on_done;
    void *on_done_data;
    _Alignas(16) unsigned char priv[]; /* ops->priv_size bytes */
};

/* An application with the defaults of its table, not yet started.  `name` must be new. */
struct app *app_new(struct network *net, const struct app_ops *ops, const char *name);

/* An application that another one makes, uses and frees: it counts as the parent's traffic and is
 * not listed in the network. */
struct app *app_new_child(struct app *parent, const struct app_ops *ops, const char *name);

/* Options by name, for those who know that they exist. */
double app_option(const struct app *app, const char *name);
void app_set_option(struct app *app, const char *name, double value);
void app_set_text(struct app *app, const char *name, const char *value); /* NULL: leave it */

/* Checks the options and schedules the start; false with an error otherwise. */
bool app_arm(struct app *app, GError **error);

/* For network_free, and whoever made a child: ends it at once, without `on_done`, and frees it.
 * What connections it has left close in the background. */
void app_free(struct app *app);

/* Has `on_probe` called at each change of a probe. */
void app_watch(struct app *app, app_probe_fn on_probe, void *data);

/* The application came to its end; error 0: as it should. */
void app_done(struct app *app, int error);

/* Puts the congestion control that `words` describe (cc_parse; NULL: the host's own) into `config`;
 * its parameters live as long as the application.  False with an error. */
bool app_cc(struct app *app, const char *words, struct tcp_config *config, GError **error);

/* The application of this name, or NULL. */
const struct app_ops *app_find(const char *name);
extern const struct app_ops *const *const app_registry[];

/* What was counted in the span; one that reaches to now includes what happens now. */
static inline double app_counted(const struct app *app, const struct meter *meter,
                                 const struct metric_span *span)
{
    return metric_counted(meter, span, app->sim->now);
}

/* Adds (now, value) to the series of probe `probe` if it is recorded. */
static inline void app_probe(struct app *app, int probe, double value)
{
    if (__builtin_expect(app->probes == NULL, 1))
        return;
    if (app->probes[probe])
        series_add(app->probes[probe], app->sim->now, value);
    if (app->on_probe)
        app->on_probe(app, probe, value, app->on_probe_data);
}

#endif
