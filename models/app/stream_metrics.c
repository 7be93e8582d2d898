#include <math.h>

#include "models/app/stream.h"

double stream_counted(const struct app *app, const struct meter *meter,
                      const struct metric_span *span)
{
    sim_time to = span->to >= app->sim->now ? SIM_NEVER : span->to;

    return meter_between(meter, span->from, to);
}

/* Whether the span holds all that there was. */
static bool is_whole(const struct app *app, const struct metric_span *span)
{
    return app->began >= span->from && MIN(app->sim->now, app->ended) <= span->to;
}

/* The part of the span between the start and `end`, in seconds; NAN if there is none. */
static double seconds_until(const struct app *app, sim_time end, const struct metric_span *span)
{
    sim_time from = MAX(span->from, app->began);
    sim_time to = MIN(MIN(span->to, app->sim->now), end);

    return app->began == SIM_NEVER || to <= from ? NAN : simtime_seconds(to - from);
}

STREAM_RESULT(sent)
{
    return stream_counted(object, &stream_of(object)->sent, span);
}

STREAM_RESULT(received)
{
    return stream_counted(object, &stream_of(object)->received, span);
}

STREAM_RESULT(lost)
{
    const struct app *app = object;
    const struct stream *stream = stream_of(object);
    double lost =
        stream_counted(app, &stream->skipped, span) - stream_counted(app, &stream->found, span);

    if (span->to >= app->sim->now)
        lost += (double)(stream->sent.value - stream->sequence.next - stream_in_flight(stream));
    return MAX(lost, 0);
}

STREAM_RESULT(loss)
{
    double lost = stream_result_lost(object, span);
    double all = lost + stream_result_received(object, span);

    return all > 0 ? lost / all : NAN;
}

STREAM_RESULT(reordered)
{
    return stream_counted(object, &stream_of(object)->found, span);
}

STREAM_RESULT(duplicates)
{
    return is_whole(object, span) ? (double)stream_of(object)->duplicates : NAN;
}

STREAM_RESULT(errors)
{
    return is_whole(object, span) ? (double)stream_of(object)->errors : NAN;
}

STREAM_RESULT(rate)
{
    const struct stream *stream = stream_of(object);

    return 8 * stream_counted(object, &stream->sent_bytes, span) /
           seconds_until(object, stream->sent_until, span);
}

/* Until the source has ended and the last datagram has arrived: what is under way then takes its
 * time, too. */
STREAM_RESULT(goodput)
{
    const struct stream *stream = stream_of(object);
    sim_time end = MAX(stream->sent_until, stream->last_arrival);

    return 8 * stream_counted(object, &stream->received_bytes, span) /
           seconds_until(object, end, span);
}

STREAM_RESULT(jitter)
{
    return is_whole(object, span) && stream_of(object)->received.value > 1
               ? stream_now_jitter(object)
               : NAN;
}

/* ---- Delay --------------------------------------------------------------------------------- */

/* Of a part of the run only what was recorded knows the percentiles. */
static double delay_percentile(struct app *app, const struct metric_span *span, double percent)
{
    if (is_whole(app, span))
        return histogram_percentile(&stream_of(app)->delay, percent) / (double)SIM_S;
    if (!app->probes || !app->probes[STREAM_DELAY])
        return NAN;
    return series_percentile(app->probes[STREAM_DELAY], span->from, span->to, percent);
}

STREAM_RESULT(delay_min)
{
    return delay_percentile(object, span, 0);
}

STREAM_RESULT(delay_mean)
{
    const struct stream *stream = stream_of(object);

    if (is_whole(object, span))
        return histogram_mean(&stream->delay) / (double)SIM_S;
    double received = stream_counted(object, &stream->received, span);
    return received > 0 ? stream_counted(object, &stream->delay_ns, span) / received * 1e-9 : NAN;
}

STREAM_RESULT(delay_max)
{
    return delay_percentile(object, span, 100);
}

STREAM_RESULT(delay_p50)
{
    return delay_percentile(object, span, 50);
}

STREAM_RESULT(delay_p95)
{
    return delay_percentile(object, span, 95);
}

STREAM_RESULT(delay_p99)
{
    return delay_percentile(object, span, 99);
}

/* ---- Now ----------------------------------------------------------------------------------- */

STREAM_NOW(sent)
{
    return (double)stream_of(object)->sent.value;
}

STREAM_NOW(received)
{
    return (double)stream_of(object)->received.value;
}

STREAM_NOW(lost)
{
    return (double)stream_of(object)->sequence.missing;
}

STREAM_NOW(sent_bytes)
{
    return (double)stream_of(object)->sent_bytes.value;
}

STREAM_NOW(received_bytes)
{
    return (double)stream_of(object)->received_bytes.value;
}

STREAM_NOW(jitter)
{
    return (double)stream_of(object)->jitter / 16 / (double)SIM_S;
}

STREAM_NOW(delay)
{
    const struct stream *stream = stream_of(object);

    return stream->received.value > 0 ? simtime_seconds(stream->last_delay) : NAN;
}
