/* net:voip: one direction of a telephone call, and how it sounds.
 *
 * The source sends the codec's frames in RTP packets, evenly, all the time or in talkspurts.  The
 * destination has a playout buffer (playout.h).  Quality is the E-model's (emodel.h), from
 *  - the delay from mouth to ear: the speech that a packet holds, the codec's look-ahead, the
 *    network, the wait for the playing; encoding and decoding take no time;
 *  - the packets that were lost or came too late, and their burst ratio;
 *  - the codec's Ie and Bpl.
 * All else has the default values of G.107.
 *
 * A conversation is two of these.  ITU-T P.59 has talkspurts of 1.004 s and pauses of 1.587 s on
 * average: talk = { "exponential", "1.004s" }, pause = { "exponential", "1.587s" }.
 *
 * Packets carry real RTP headers, so that Wireshark can analyse a capture; each is a small blob.
 *
 * Left out: RTCP, comfort noise, buffers that adapt within a talkspurt. */
#include <math.h>

#include "models/app/codec.h"
#include "models/app/emodel.h"
#include "models/app/playout.h"
#include "models/app/stream.h"
#include "protocols/wire/rtphdr.h"

struct voip {
    struct stream stream;

    /* Options. */
    int codec_index;
    uint32_t frames; /* 0: the codec's */
    sim_time buffer;
    struct dist talk, pause;

    /* At the source. */
    const struct codec *codec;
    sim_time packet_time; /* speech in a packet */
    uint32_t samples;     /* the same in timestamp units */
    uint32_t bytes;       /* the same encoded */
    struct rng talks, pauses;
    struct timer timer;
    sim_time spurt_end; /* SIM_NEVER: talks all the time */
    struct rtphdr header;
    uint32_t first_timestamp;
    uint64_t spurts;

    /* At the destination. */
    struct playout playout;
    uint32_t phase; /* of the present talkspurt */
    struct meter played, late;
    struct meter until_played_ns; /* from sending to playing, the sum */
};

static struct voip *voip_of(struct app *app)
{
    return (struct voip *)app->priv;
}

/* ---- The destination ----------------------------------------------------------------------- */

/* Each packet has its own blob, which begins with the header wherever the packet is cut. */
static uint64_t packet_number(const struct stream *stream, const struct packet *packet)
{
    const struct voip *voip = container_of(stream, struct voip, stream);
    const struct blob *blob = packet->blob;
    struct rtphdr h;

    if (!blob || !rtphdr_check(blob->bytes, blob->length))
        return STREAM_NO_NUMBER;
    rtphdr_parse(blob->bytes, &h);
    uint16_t back = (uint16_t)(voip->header.seq - 1 - h.seq);
    return back < stream->sent.value ? stream->sent.value - 1 - back : STREAM_NO_NUMBER;
}

/* Timestamps and sequence numbers go in step as long as somebody talks: their difference names the
 * talkspurt, and grows from one to the next. */
static void look_for_spurt(struct voip *voip, const struct packet *packet)
{
    struct rtphdr h;

    rtphdr_parse(packet->blob->bytes, &h);
    uint32_t phase = h.timestamp - h.seq * voip->samples;
    if ((int32_t)(phase - voip->phase) <= 0 && voip->playout.started)
        return;
    voip->phase = phase;
    playout_restart(&voip->playout);
}

static void packet_arrived(struct stream *stream, uint64_t number, const struct packet *packet)
{
    struct voip *voip = container_of(stream, struct voip, stream);
    sim_time now = stream->app->sim->now, until_played;

    look_for_spurt(voip, packet);
    if (!playout_add(&voip->playout, number, now - packet->born, &until_played)) {
        meter_add(&voip->late, now, 1);
        return;
    }
    meter_add(&voip->played, now, 1);
    meter_add(&voip->until_played_ns, now, (uint64_t)until_played / 1000);
}

static const struct stream_ops voip_stream = { .number = packet_number, .arrived = packet_arrived };

/* ---- The source ---------------------------------------------------------------------------- */

static void send_packet(struct voip *voip)
{
    struct blob *blob = blob_new(RTPHDR_LEN + voip->bytes);
    uint64_t number = stream_next(&voip->stream);

    rtphdr_emit(blob->bytes, &voip->header);
    memcpy(blob->bytes + RTPHDR_LEN, blob_span(&blob_pattern, number * voip->bytes, voip->bytes),
           voip->bytes);
    voip->header.marker = false;
    voip->header.seq++;
    voip->header.timestamp += voip->samples;
    stream_send(&voip->stream, blob, 0, blob->length);
    blob_unref(blob);
}

/* The marker shows the first packet after a silence (RFC 3551 4.1). */
static void begin_spurt(struct voip *voip)
{
    struct app *app = voip->stream.app;
    double span = dist_draw(&voip->talk, &voip->talks);
    bool always = dist_is_constant(&voip->talk) && voip->talk.a <= 0;
    uint64_t samples = simtime_bits_in(app->sim->now - app->began, CODEC_CLOCK);

    voip->spurts++;
    voip->spurt_end =
        always ? SIM_NEVER : simtime_add(app->sim->now, simtime_from_seconds(MAX(span, 0)));
    voip->header.marker = true;
    voip->header.timestamp = voip->first_timestamp + (uint32_t)samples;
}

static void packet_due(struct sim *sim, struct timer *timer)
{
    struct voip *voip = container_of(timer, struct voip, timer);

    if (sim->now >= voip->spurt_end || voip->spurts == 0)
        begin_spurt(voip);
    send_packet(voip);
    sim_time next = sim->now + voip->packet_time;
    if (next >= voip->spurt_end) {
        double pause = dist_draw(&voip->pause, &voip->pauses);
        next = simtime_add(next, simtime_from_seconds(MAX(pause, 0)));
    }
    timer_set(sim, timer, next);
}

/* ---- Life ---------------------------------------------------------------------------------- */

/* RFC 3550 5.1: sequence number and timestamp start anywhere. */
static void init_header(struct app *app, struct voip *voip)
{
    struct rng rng;

    rng_init(&rng, app->sim->seed, app->name, "rtp");
    voip->first_timestamp = (uint32_t)rng_u64(&rng);
    voip->header = (struct rtphdr){ .type = voip->codec->type,
                                    .seq = (uint16_t)rng_u64(&rng),
                                    .ssrc = (uint32_t)rng_u64(&rng) };
}

static bool voip_init(struct app *app, GError **error)
{
    struct voip *voip = voip_of(app);
    const struct codec *codec = &codecs[voip->codec_index];
    uint32_t frames = voip->frames ? voip->frames : codec->frames;

    if (!stream_init(app, &voip_stream, error))
        return false;
    timer_init(&voip->timer, app->actor, packet_due);
    voip->codec = codec;
    voip->packet_time = frames * codec->frame;
    voip->samples = (uint32_t)simtime_bits_in(voip->packet_time, CODEC_CLOCK);
    voip->bytes = frames * codec->bytes;
    voip->playout.buffer = voip->buffer;
    rng_init(&voip->talks, app->sim->seed, app->name, "talk");
    rng_init(&voip->pauses, app->sim->seed, app->name, "pause");
    app->sim->random |= !dist_is_constant(&voip->talk) || !dist_is_constant(&voip->pause);
    init_header(app, voip);
    return true;
}

static void voip_start(struct app *app)
{
    struct voip *voip = voip_of(app);
    int error = stream_open(&voip->stream);

    if (error)
        app_done(app, error);
    else
        packet_due(app->sim, &voip->timer);
}

static void voip_stop(struct app *app)
{
    struct voip *voip = voip_of(app);

    timer_cancel(app->sim, &voip->timer);
    stream_finish(&voip->stream, app->sim->now);
}

static void voip_release(struct app *app)
{
    struct voip *voip = voip_of(app);

    if (voip->stream.app)
        timer_cancel(app->sim, &voip->timer);
    stream_release(&voip->stream);
    meter_fini(&voip->played);
    meter_fini(&voip->late);
    meter_fini(&voip->until_played_ns);
}

/* ---- Results ------------------------------------------------------------------------------- */

static double result_late(void *object, const struct metric_span *span)
{
    return app_counted(object, &voip_of(object)->late, span);
}

static double result_mouth_to_ear(void *object, const struct metric_span *span)
{
    struct voip *voip = voip_of(object);
    double played = app_counted(object, &voip->played, span);
    double network = app_counted(object, &voip->until_played_ns, span) * 1e-9;

    if (played <= 0)
        return NAN;
    return network / played + simtime_seconds(voip->packet_time + voip->codec->look_ahead);
}

/* What the decoder did not get, percent. */
static double missing_percent(struct app *app, const struct metric_span *span)
{
    double lost = stream_result_lost(app, span), received = stream_result_received(app, span);
    double all = lost + received;

    return all > 0 ? 100 * (lost + result_late(app, span)) / all : NAN;
}

static double result_burst_ratio(void *object, const struct metric_span *span)
{
    return playout_burst_ratio(&voip_of(object)->playout);
}

/* If nothing was heard there is no delay to speak of. */
static double result_r(void *object, const struct metric_span *span)
{
    struct voip *voip = voip_of(object);
    struct emodel e = emodel_default;
    double delay = result_mouth_to_ear(object, span);

    e.Ppl = missing_percent(object, span);
    if (isnan(e.Ppl))
        return NAN;
    e.Ie = voip->codec->Ie;
    e.Bpl = voip->codec->Bpl;
    e.BurstR = playout_burst_ratio(&voip->playout);
    emodel_set_delay(&e, isnan(delay) ? 0 : delay * 1e3);
    return emodel_rating(&e);
}

static double result_mos(void *object, const struct metric_span *span)
{
    double r = result_r(object, span);

    return isnan(r) ? NAN : emodel_mos(r);
}

/* Of the last second. */
static double now_mos(void *object)
{
    const struct app *app = object;
    struct metric_span span = { app->sim->now - SIM_S, app->sim->now };

    return result_mos(object, &span);
}

static double result_spurts(void *object, const struct metric_span *span)
{
    return (double)voip_of(object)->spurts;
}

static const struct metric voip_metrics[] = {
    { "mos", "", "mean opinion score, 1 to 4.5 (recorded: of the last second)", METRIC_GAUGE, -1, 1,
      result_mos, now_mos },
    { "r", "", "transmission rating of the E-model (ITU-T G.107)", METRIC_RESULT, -1, 1, result_r,
      NULL },
    { "mouth_to_ear", "s", "mean delay from mouth to ear", METRIC_RESULT, -1, 1,
      result_mouth_to_ear, NULL },
    { "late", "packets", "packets that came too late to be played", METRIC_RESULT, -1, 1,
      result_late, NULL },
    { "burst_ratio", "", "mean run of packets not played, over that of independent losses",
      METRIC_RESULT, -1, 1, result_burst_ratio, NULL, .whole = true },
    { "talkspurts", "", "talkspurts begun", METRIC_RESULT, -1, 1, result_spurts, NULL,
      .whole = true },
    STREAM_METRICS,
    METRIC_END,
};

#define FIELD(member) offsetof(struct voip, member)

static const struct param voip_params[] = {
    { "codec", PARAM_ENUM, FIELD(codec_index), "g711", 0, 0,
      "g711, g711-noplc (losses not concealed), g729, g723.1 or gsm-efr", codec_names },
    { "frames", PARAM_U32, FIELD(frames), "0", 0, 10,
      "codec frames in a packet; 0: 20 ms of speech, 30 ms with g723.1", NULL },
    { "buffer", PARAM_TIME, FIELD(buffer), "60ms", 0, 0,
      "how much longer than the fastest a packet may take to be played", NULL },
    { "talk", PARAM_DIST_TIME, FIELD(talk), "0s", 0, 0,
      "duration of a talkspurt (ITU-T P.59: 1.004 s); 0: no pauses", NULL },
    { "pause", PARAM_DIST_TIME, FIELD(pause), "0s", 0, 0,
      "silence between two talkspurts (ITU-T P.59: 1.587 s)", NULL },
    STREAM_PARAMS,
    PARAM_END,
};

static const char *const voip_shown[] = { "mos",          "r",      "loss", "late", "delay.mean",
                                          "mouth_to_ear", "jitter", NULL };

static const struct app_ops voip_ops = {
    .name = "voip",
    .doc = "one direction of a telephone call, with its quality (E-model)",
    .params = voip_params,
    .metrics = voip_metrics,
    .priv_size = sizeof(struct voip),
    .probes = STREAM_PROBES,
    .init = voip_init,
    .start = voip_start,
    .stop = voip_stop,
    .release = voip_release,
    .shown = voip_shown,
    .remark = stream_remark,
};

const struct app_ops *const voip_module[] = { &voip_ops, NULL };
