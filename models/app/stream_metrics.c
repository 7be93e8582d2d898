#include <math.h>

#include "models/app/stream.h"
#include "protocols/wire/igmphdr.h"

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

double stream_result_sent(void *object, const struct metric_span *span)
{
    return app_counted(object, &stream_of(object)->sent, span);
}

double stream_result_received(void *object, const struct metric_span *span)
{
    return app_counted(object, &stream_of(object)->received, span);
}

/* Who is in a group, and whether it got everything, a sender does not know. */
static bool is_to_group(const struct stream *stream)
{
    return ip4_is_group(ip_addr_v4(&stream->to));
}

double stream_result_lost(void *object, const struct metric_span *span)
{
    const struct app *app = object;
    const struct stream *stream = stream_of(object);
    double lost = app_counted(app, &stream->skipped, span) - app_counted(app, &stream->found, span);

    if (is_to_group(stream))
        return NAN;
    if (span->to >= app->sim->now)
        lost += (double)(stream->sent.value - stream->sequence.next - stream_in_flight(stream));
    return MAX(lost, 0);
}

double stream_result_loss(void *object, const struct metric_span *span)
{
    double lost = stream_result_lost(object, span);
    double all = lost + stream_result_received(object, span);

    return all > 0 ? lost / all : NAN;
}

double stream_result_reordered(void *object, const struct metric_span *span)
{
    return app_counted(object, &stream_of(object)->found, span);
}

double stream_result_duplicates(void *object, const struct metric_span *span)
{
    return (double)stream_of(object)->duplicates;
}

double stream_result_errors(void *object, const struct metric_span *span)
{
    return (double)stream_of(object)->errors;
}

double stream_result_rate(void *object, const struct metric_span *span)
{
    const struct stream *stream = stream_of(object);

    return 8 * app_counted(object, &stream->sent_bytes, span) /
           seconds_until(object, stream->sent_until, span);
}

/* Until the source has ended and the last datagram has arrived: what is under way then takes its
 * time, too. */
double stream_result_goodput(void *object, const struct metric_span *span)
{
    const struct stream *stream = stream_of(object);
    sim_time end = MAX(stream->sent_until, stream->last_arrival);

    if (is_to_group(stream))
        return NAN;
    return 8 * app_counted(object, &stream->received_bytes, span) /
           seconds_until(object, end, span);
}

double stream_result_jitter(void *object, const struct metric_span *span)
{
    return stream_of(object)->received.value > 1 ? stream_now_jitter(object) : NAN;
}

/* ---- Delay --------------------------------------------------------------------------------- */

static double delay_percentile(struct app *app, double percent)
{
    return histogram_percentile(&stream_of(app)->delay, percent) / (double)SIM_S;
}

double stream_result_delay_min(void *object, const struct metric_span *span)
{
    return delay_percentile(object, 0);
}

double stream_result_delay_mean(void *object, const struct metric_span *span)
{
    const struct stream *stream = stream_of(object);

    if (is_whole(object, span))
        return histogram_mean(&stream->delay) / (double)SIM_S;
    double received = app_counted(object, &stream->received, span);
    return received > 0 ? app_counted(object, &stream->delay_ns, span) / received * 1e-9 : NAN;
}

double stream_result_delay_max(void *object, const struct metric_span *span)
{
    return delay_percentile(object, 100);
}

double stream_result_delay_p50(void *object, const struct metric_span *span)
{
    return delay_percentile(object, 50);
}

double stream_result_delay_p95(void *object, const struct metric_span *span)
{
    return delay_percentile(object, 95);
}

double stream_result_delay_p99(void *object, const struct metric_span *span)
{
    return delay_percentile(object, 99);
}

/* ---- Now ----------------------------------------------------------------------------------- */

double stream_now_sent(void *object)
{
    return (double)stream_of(object)->sent.value;
}

double stream_now_received(void *object)
{
    return (double)stream_of(object)->received.value;
}

double stream_now_lost(void *object)
{
    return (double)stream_of(object)->sequence.missing;
}

double stream_now_sent_bytes(void *object)
{
    return (double)stream_of(object)->sent_bytes.value;
}

double stream_now_received_bytes(void *object)
{
    return (double)stream_of(object)->received_bytes.value;
}

double stream_now_jitter(void *object)
{
    return (double)stream_of(object)->jitter / 16 / (double)SIM_S;
}

double stream_now_delay(void *object)
{
    const struct stream *stream = stream_of(object);

    return stream->received.value > 0 ? simtime_seconds(stream->last_delay) : NAN;
}
