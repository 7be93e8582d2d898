/* Simulated time, and threads that wait for something in it. */
#include "tools/packetdrill/drill.h"

static bool in_main(const struct drill *drill)
{
    return pthread_equal(pthread_self(), drill->main) != 0;
}

/* ---- Running --------------------------------------------------------------------------------- */

/* Somebody who never reads the clock (its call was cut short by a signal) holds the others up for a
 * second only. */
void drill_let_go(struct drill *drill)
{
    struct timespec end;

    if (drill->woken == 0)
        return;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec++;
    pthread_cond_broadcast(&drill->wake);
    while (drill->woken > 0)
        if (pthread_cond_timedwait(&drill->wake, &drill->lock, &end) != 0)
            drill->woken = 0;
}

/* To `until`, or to the first halt; why it ended. */
static enum sim_result run_a_while(struct drill *drill, sim_time until)
{
    enum sim_result result = sim_run(drill->net->sim, until);

    drill_let_go(drill);
    return result;
}

void drill_run(struct drill *drill, sim_time until)
{
    while (run_a_while(drill, until) == SIM_STOPPED)
        ;
}

/* sim_stop is called by whatever is worth a halt: host.c does it for each packet. */
bool drill_run_to_packet(struct drill *drill)
{
    while (g_queue_is_empty(&drill->out))
        if (run_a_while(drill, SIM_NEVER) != SIM_STOPPED && g_queue_is_empty(&drill->out))
            return false;
    return true;
}

/* Who has the lock while nobody is to be let go may run the simulation.  The other thread does when
 * its call is due only later: it waits for that time as the main thread would, which stands still
 * outside meanwhile. */
sim_time drill_now(struct drill *drill)
{
    struct sim *sim = drill->net->sim;

    if (!in_main(drill) && drill->woken > 0) {
        drill->woken--;
        pthread_cond_broadcast(&drill->wake);
    } else {
        drill_run(drill, sim->now + SIM_US);
    }
    return sim->now;
}

/* ---- Waiting --------------------------------------------------------------------------------- */

struct sleep {
    struct drill *drill;
    bool ready, over; /* something happened; time is up */
    bool main;
};

struct sleeper {
    struct socket_waiter waiter;
    struct sleep *sleep;
};

/* Called by the simulation. */
static void rouse(struct sleep *sleep)
{
    if (!sleep->main)
        sleep->drill->woken++;
    sim_stop(sleep->drill->net->sim);
}

static void wake(struct socket_waiter *waiter, struct socket *socket, unsigned events)
{
    struct sleep *sleep = container_of(waiter, struct sleeper, waiter)->sleep;

    if (sleep->ready || sleep->over)
        return;
    sleep->ready = true;
    rouse(sleep);
}

static void ring(struct sim *sim, struct event *event)
{
    struct drill_alarm *alarm = container_of(event, struct drill_alarm, event);

    if (alarm->sleep->ready)
        return;
    alarm->sleep->over = true;
    rouse(alarm->sleep);
}

void drill_clock_init(struct drill *drill)
{
    static const char *const names[] = { "alarm of the main thread", "alarm of the other thread" };

    for (size_t i = 0; i < G_N_ELEMENTS(drill->alarms); i++) {
        actor_init(&drill->alarms[i].actor, drill->net->sim, names[i]);
        event_init(&drill->alarms[i].event, ring);
    }
}

/* The simulation runs in this very call. */
static void sleep_in_main(struct sleep *sleep)
{
    while (!sleep->ready && !sleep->over)
        if (run_a_while(sleep->drill, SIM_NEVER) != SIM_STOPPED)
            sleep->over = true; /* nothing will ever happen */
}

/* Nobody has called for a while: packetdrill waits, a second of real time, for this very call to
 * end, because its script is over or the next call blocks as well.  As much time may pass, then. */
static void sleep_on_alone(struct sleep *sleep)
{
    struct sim *sim = sleep->drill->net->sim;
    sim_time limit = sim->now + SIM_S;

    sleep->main = true;
    while (!sleep->ready && !sleep->over && run_a_while(sleep->drill, limit) == SIM_STOPPED)
        ;
    sleep->main = false;
}

enum { PATIENCE_NS = 600000000 };

/* False if the main thread was not heard of for so long. */
static bool wait_for_main(struct drill *drill)
{
    unsigned calls = drill->calls;
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += PATIENCE_NS;
    end.tv_sec += end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    return pthread_cond_timedwait(&drill->wake, &drill->lock, &end) == 0 || drill->calls != calls;
}

static void sleep_in_other(struct sleep *sleep)
{
    struct drill *drill = sleep->drill;
    bool alone = false;

    if (drill->woken > 0) { /* for nothing: it sleeps on */
        drill->woken--;
        pthread_cond_broadcast(&drill->wake);
    }
    while (!sleep->ready && !sleep->over) {
        if (alone)
            pthread_cond_wait(&drill->wake, &drill->lock);
        else if (!wait_for_main(drill)) {
            sleep_on_alone(sleep);
            alone = true;
        }
    }
}

bool drill_wait(struct drill *drill, struct socket *const *sockets, const unsigned *events,
                unsigned n, sim_time until)
{
    struct sleep sleep = { .drill = drill, .main = in_main(drill) };
    struct sleeper *sleepers = g_new0(struct sleeper, n);
    struct drill_alarm *alarm = &drill->alarms[!sleep.main];

    for (unsigned i = 0; i < n; i++) {
        sleepers[i].sleep = &sleep;
        sleepers[i].waiter.events = events[i];
        sleepers[i].waiter.wake = wake;
        list_init(&sleepers[i].waiter.link);
        socket_wait(sockets[i], &sleepers[i].waiter);
    }
    alarm->sleep = &sleep;
    if (until != SIM_NEVER)
        event_schedule(drill->net->sim, &alarm->event, MAX(until, drill->net->sim->now),
                       &alarm->actor);
    (sleep.main ? sleep_in_main : sleep_in_other)(&sleep);
    event_cancel(drill->net->sim, &alarm->event);
    for (unsigned i = 0; i < n; i++)
        socket_unwait(&sleepers[i].waiter);
    g_free(sleepers);
    return sleep.ready;
}
