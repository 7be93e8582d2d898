/* Captures are read back with libpcap.  The expected file format is that of
 * draft-ietf-opsawg-pcap: magic 0xa1b23c4d for nanoseconds, version 2.4, link type 1. */
#include <errno.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenarios/results/capture.h"
#include "sim/error.h"
#include "sim/sim.h"
#include "tests/support/suite.h"

enum { HEADERS = 54 };

/* 10.0.0.1:1000 -> 10.0.0.2:port, TCP. */
static struct packet *segment(struct sim *sim, uint16_t port, uint32_t payload)
{
    static const uint8_t headers[HEADERS] = {
        2,         0,          0,  0, 0, 2, 2,    0, 0,  0, 0, 1, 8,    0, /* Ethernet II, IPv4 */
        0x45,      0,          0,  0, 0, 1, 0x40, 0, 64, 6, 0, 0, 10,   0,
        0,         1,          10, 0, 0, 2, /* RFC 791 */
        1000 >> 8, 1000 & 255, 0,  0, 0, 0, 0,    1, 0,  0, 0, 0, 0x50, 0x10,
        1,         0,          0,  0, 0, 0,
    };
    struct packet *packet = packet_new(sim);
    uint8_t *at = packet_push(packet, HEADERS);

    memcpy(at, headers, HEADERS);
    at[16] = (uint8_t)((40 + payload) >> 8);
    at[17] = (uint8_t)(40 + payload);
    at[36] = (uint8_t)(port >> 8);
    at[37] = (uint8_t)port;
    if (payload)
        packet_set_payload(packet, &blob_pattern, 4711, payload);
    return packet;
}

struct fixture {
    struct sim *sim;
    char *dir, *path;
};

static struct fixture begin(void)
{
    struct fixture f = { .sim = sim_new(1), .dir = g_dir_make_tmp("weft-XXXXXX", NULL) };

    f.path = g_build_filename(f.dir, "x.pcap", NULL);
    return f;
}

static void end(struct fixture *f)
{
    unlink(f->path);
    ck_assert_int_eq(rmdir(f->dir), 0);
    ck_assert_ptr_null(sim_leaks(f->sim));
    sim_free(f->sim);
    g_free(f->path);
    g_free(f->dir);
}

static struct capture *start(struct fixture *f, const struct capture_options *options,
                             struct capture_budget *budget)
{
    GError *error = NULL;
    struct capture *capture = capture_open(f->path, options, budget, &error);

    ck_assert_msg(capture != NULL, "%s", error ? error->message : "");
    return capture;
}

/* As the interface does (models/link/tap.c). */
static void show(struct capture *capture, struct packet *packet, sim_time at,
                 enum tap_direction direction)
{
    struct tap *tap = capture_tap(capture);

    if ((tap->directions & direction) && at >= tap->from && at < tap->to)
        tap->frame(tap, packet, at, direction);
    packet_delivered(packet);
}

static void finish(struct capture *capture)
{
    GError *error = NULL;

    ck_assert_msg(capture_close(capture, &error), "%s", error ? error->message : "");
}

static pcap_t *reopen(struct fixture *f)
{
    char message[PCAP_ERRBUF_SIZE];
    pcap_t *pcap =
        pcap_open_offline_with_tstamp_precision(f->path, PCAP_TSTAMP_PRECISION_NANO, message);

    ck_assert_msg(pcap != NULL, "%s", message);
    return pcap;
}

static unsigned count(struct fixture *f)
{
    pcap_t *pcap = reopen(f);
    struct pcap_pkthdr *header;
    const u_char *bytes;
    unsigned n = 0;

    while (pcap_next_ex(pcap, &header, &bytes) == 1)
        n++;
    pcap_close(pcap);
    return n;
}

START_TEST(file_header)
{
    static const uint32_t want[6] = { 0xa1b23c4d, 2 | 4 << 16, 0, 0, CAPTURE_SNAPLEN, 1 };
    struct fixture f = begin();
    uint32_t *got;
    gsize length;

    finish(start(&f, &(struct capture_options){ 0 }, NULL));
    ck_assert(g_file_get_contents(f.path, (char **)&got, &length, NULL));
    ck_assert_uint_eq(length, 24);
    ck_assert_mem_eq(got, want, sizeof want);
    g_free(got);
    end(&f);
}
END_TEST

/* A frame comes back as it was: time, lengths, bytes of headers and payload. */
START_TEST(frame_comes_back)
{
    struct fixture f = begin();
    struct capture *capture = start(&f, &(struct capture_options){ 0 }, NULL);
    struct packet *packet = segment(f.sim, 80, 1000);
    uint8_t bytes[HEADERS + 1000];
    struct pcap_pkthdr *header;
    const u_char *got;

    packet_read(packet, 0, bytes, sizeof bytes);
    show(capture, packet, 3 * SIM_S + 123456789 * SIM_NS + 999, TAP_OUT);
    show(capture, segment(f.sim, 80, 0), 3 * SIM_S + 123456790 * SIM_NS, TAP_IN);
    show(capture, segment(f.sim, 80, 0), 10 * SIM_S, TAP_IN);
    finish(capture);

    pcap_t *pcap = reopen(&f);
    ck_assert_int_eq(pcap_datalink(pcap), DLT_EN10MB);
    ck_assert_int_eq(pcap_next_ex(pcap, &header, &got), 1);
    ck_assert_int_eq(header->ts.tv_sec, 946684800 + 3); /* 2000-01-01 is day 10957 */
    ck_assert_int_eq(header->ts.tv_usec, 123456789);    /* nanoseconds, rounded down */
    ck_assert_uint_eq(header->len, sizeof bytes);
    ck_assert_uint_eq(header->caplen, sizeof bytes);
    ck_assert_mem_eq(got, bytes, sizeof bytes);
    ck_assert_int_eq(pcap_next_ex(pcap, &header, &got), 1);
    ck_assert_uint_eq(header->len, HEADERS);
    ck_assert_int_eq(pcap_next_ex(pcap, &header, &got), 1);
    ck_assert_int_eq(header->ts.tv_sec, 946684800 + 10);
    ck_assert_int_eq(header->ts.tv_usec, 0);
    ck_assert_int_eq(pcap_next_ex(pcap, &header, &got), PCAP_ERROR_BREAK);
    pcap_close(pcap);
    end(&f);
}
END_TEST

START_TEST(epoch_can_be_chosen)
{
    struct fixture f = begin();
    struct capture *capture = start(&f, &(struct capture_options){ .epoch = 1700000000 }, NULL);
    struct pcap_pkthdr *header;
    const u_char *got;

    show(capture, segment(f.sim, 80, 0), 0, TAP_OUT);
    finish(capture);
    pcap_t *pcap = reopen(&f);
    ck_assert_int_eq(pcap_next_ex(pcap, &header, &got), 1);
    ck_assert_int_eq(header->ts.tv_sec, 1700000000);
    pcap_close(pcap);
    end(&f);
}
END_TEST

/* Each snaplen around the border of headers and payload keeps exactly the first bytes. */
START_TEST(snaplen_cuts)
{
    static const uint32_t lengths[] = { 1, 14, HEADERS - 1, HEADERS, HEADERS + 1, 96, 154, 9000 };

    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        struct fixture f = begin();
        struct capture *capture =
            start(&f, &(struct capture_options){ .snaplen = lengths[i] }, NULL);
        struct packet *packet = segment(f.sim, 80, 100);
        uint8_t bytes[HEADERS + 100];
        struct pcap_pkthdr *header;
        const u_char *got;

        packet_read(packet, 0, bytes, sizeof bytes);
        show(capture, packet, 0, TAP_OUT);
        finish(capture);
        pcap_t *pcap = reopen(&f);
        ck_assert_int_eq(pcap_next_ex(pcap, &header, &got), 1);
        ck_assert_uint_eq(header->len, HEADERS + 100);
        ck_assert_uint_eq(header->caplen, MIN(lengths[i], HEADERS + 100));
        ck_assert_mem_eq(got, bytes, header->caplen);
        pcap_close(pcap);
        end(&f);
    }
}
END_TEST

/* The filter sees bytes beyond the snaplen, too. */
START_TEST(filter_selects)
{
    struct fixture f = begin();
    struct capture *capture = start(
        &f, &(struct capture_options){ .filter = "tcp dst port 80 and greater 100", .snaplen = 20 },
        NULL);

    show(capture, segment(f.sim, 80, 100), 0, TAP_OUT);
    show(capture, segment(f.sim, 443, 100), 0, TAP_OUT);
    show(capture, segment(f.sim, 80, 10), 0, TAP_OUT);
    show(capture, segment(f.sim, 80, 200), 0, TAP_OUT);
    ck_assert_uint_eq(capture_stats(capture).frames, 2);
    ck_assert_uint_eq(capture_stats(capture).filtered, 2);
    finish(capture);
    ck_assert_uint_eq(count(&f), 2);
    end(&f);
}
END_TEST

START_TEST(filter_mistake)
{
    struct fixture f = begin();
    GError *error = NULL;

    ck_assert_ptr_null(
        capture_open(f.path, &(struct capture_options){ .filter = "tcp prt 80" }, NULL, &error));
    ck_assert(g_error_matches(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN));
    ck_assert_ptr_nonnull(strstr(error->message, "\"tcp prt 80\""));
    ck_assert_ptr_nonnull(strstr(error->message, "pcap-filter(7)"));
    g_error_free(error);
    end(&f);
}
END_TEST

START_TEST(direction_and_window)
{
    struct fixture f = begin();
    struct capture *capture = start(
        &f, &(struct capture_options){ .direction = TAP_OUT, .from = 2 * SIM_S, .to = 4 * SIM_S },
        NULL);

    for (int second = 0; second < 6; second++) {
        show(capture, segment(f.sim, 80, 0), second * SIM_S, TAP_OUT);
        show(capture, segment(f.sim, 80, 0), second * SIM_S, TAP_IN);
    }
    finish(capture);
    ck_assert_uint_eq(count(&f), 2); /* outgoing ones at 2 s and 3 s */
    end(&f);
}
END_TEST

/* More than the buffer holds, with frames of all sizes: nothing is lost at its end. */
START_TEST(many_frames)
{
    struct fixture f = begin();
    struct capture *capture = start(&f, &(struct capture_options){ 0 }, NULL);
    enum { N = 3000 };
    struct pcap_pkthdr *header;
    const u_char *got;
    uint64_t bytes = 24;
    struct stat file;

    for (uint32_t i = 0; i < N; i++) {
        show(capture, segment(f.sim, 80, i), i * SIM_MS, TAP_OUT);
        bytes += 16 + HEADERS + i;
    }
    finish(capture);
    pcap_t *pcap = reopen(&f);
    for (uint32_t i = 0; i < N; i++) {
        ck_assert_int_eq(pcap_next_ex(pcap, &header, &got), 1);
        ck_assert_uint_eq(header->caplen, HEADERS + i);
        ck_assert_mem_eq(got + HEADERS, blob_span(&blob_pattern, 4711, i), i);
    }
    pcap_close(pcap);
    ck_assert_int_eq(stat(f.path, &file), 0);
    ck_assert_uint_eq((uint64_t)file.st_size, bytes);
    end(&f);
}
END_TEST

START_TEST(largest_frame)
{
    struct fixture f = begin();
    struct capture *capture = start(&f, &(struct capture_options){ 0 }, NULL);

    for (int i = 0; i < 5; i++)
        show(capture, segment(f.sim, 80, BLOB_SPAN_MAX), 0, TAP_OUT);
    finish(capture);
    ck_assert_uint_eq(count(&f), 5);
    end(&f);
}
END_TEST

/* A limit of three frames and a half ends the capture after the third; what is in the file is
 * whole. */
START_TEST(limit_stops)
{
    struct fixture f = begin();
    struct capture_budget budget = { .limit = 3 * (16 + HEADERS) + 35 };
    struct capture *capture = start(&f, &(struct capture_options){ 0 }, &budget);

    for (int i = 0; i < 10; i++)
        show(capture, segment(f.sim, 80, 0), i * SIM_S, TAP_OUT);
    ck_assert_int_eq(capture_stats(capture).end, CAPTURE_LIMIT);
    ck_assert_int_eq(capture_stats(capture).stopped, 3 * SIM_S);
    ck_assert_uint_eq(capture_stats(capture).frames, 3);
    finish(capture);
    ck_assert_uint_eq(count(&f), 3);
    end(&f);
}
END_TEST

/* A reserve that no disk has: the capture stops at the first look at the disk. */
START_TEST(full_disk_stops)
{
    struct fixture f = begin();
    struct capture_budget budget = { .directory = f.dir, .reserve = UINT64_MAX / 2 };
    struct capture *capture = start(&f, &(struct capture_options){ 0 }, &budget);
    uint32_t sent = 0;

    while (sent < 4000 && capture_stats(capture).end == CAPTURE_COMPLETE) {
        show(capture, segment(f.sim, 80, 60000), sent * SIM_MS, TAP_OUT);
        sent++;
    }
    ck_assert_int_eq(capture_stats(capture).end, CAPTURE_DISK_FULL);
    finish(capture);
    ck_assert_uint_eq(count(&f), sent);
    end(&f);
}
END_TEST

START_TEST(write_error_is_reported)
{
    struct fixture f = begin();
    struct capture *capture = start(&f, &(struct capture_options){ 0 }, NULL);
    struct rlimit old, small = { .rlim_cur = 4096, .rlim_max = RLIM_INFINITY };
    GError *error = NULL;

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 100; i++)
        show(capture, segment(f.sim, 80, 1000), 0, TAP_OUT);
    bool closed = capture_close(capture, &error);
    setrlimit(RLIMIT_FSIZE, &old);
    ck_assert(!closed);
    ck_assert_ptr_nonnull(strstr(error->message, g_strerror(EFBIG)));
    g_error_free(error);
    end(&f);
}
END_TEST

START_TEST(unwritable_file)
{
    struct fixture f = begin();
    GError *error = NULL;

    ck_assert_ptr_null(
        capture_open("/nonexistent/x.pcap", &(struct capture_options){ 0 }, NULL, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "/nonexistent/x.pcap"));
    g_error_free(error);
    end(&f);
}
END_TEST

SUITE("scenarios/results/capture", file_header, frame_comes_back, epoch_can_be_chosen, snaplen_cuts,
      filter_selects, filter_mistake, direction_and_window, many_frames, largest_frame, limit_stops,
      full_disk_stops, write_error_is_reported, unwritable_file)
