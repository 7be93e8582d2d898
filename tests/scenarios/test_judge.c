/* The judge of captures finds what it should: it is run over captures with one fault each.  Skipped
 * where tshark is not installed. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scenarios/results/capture.h"
#include "sim/sim.h"
#include "tests/support/suite.h"

/* 10.0.0.1:1000 > 10.0.0.2:5001: Flags [P.], seq 1:12, ack 1, win 1000, length 11; its checksums
 * are right. */
static const uint8_t segment[] = {
    0x02, 0,    0,    0,    0,   0x02, 0x02, 0,   0,   0,   0,    0x01, 0x08, 0x00, /* Ethernet */
    0x45, 0,    0,    51,   0,   1,    0x40, 0,   64,  6,   0x26, 0xc2, 10,   0,
    0,    1,    10,   0,    0,   2, /* IPv4 */
    0x03, 0xe8, 0x13, 0x89, 0,   0,    0,    1,   0,   0,   0,    1,    0x50, 0x18,
    0x03, 0xe8, 0,    0,    0,   0, /* TCP */
    'h',  'e',  'l',  'l',  'o', ' ',  'w',  'o', 'r', 'l', 'd',
};
enum { IP_CHECKSUM = 24, TCP_SEQ = 41, TCP_OFFSET = 46, TCP_CHECKSUM = 50 };

/* The TCP checksum (RFC 9293 3.1): pseudo header, header and data. */
static void finish_tcp(uint8_t *frame)
{
    uint32_t sum = 6 + 31;

    for (size_t i = 26; i < 34; i += 2)
        sum += (uint32_t)frame[i] << 8 | frame[i + 1];
    for (size_t i = 34; i < sizeof segment; i += 2)
        sum += (uint32_t)frame[i] << 8 | (i + 1 < sizeof segment ? frame[i + 1] : 0);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = ~(sum + (sum >> 16)) & 0xffff;
    frame[TCP_CHECKSUM] = (uint8_t)(sum >> 8);
    frame[TCP_CHECKSUM + 1] = (uint8_t)sum;
}

struct fixture {
    char *dir, *path;
    struct sim *sim;
    struct capture *capture;
    sim_time now;
};

static struct fixture begin(void)
{
    struct fixture f = { .dir = g_dir_make_tmp("weft-XXXXXX", NULL), .sim = sim_new(1) };

    f.path = g_build_filename(f.dir, "x.pcap", NULL);
    f.capture = capture_open(f.path, &(struct capture_options){ 0 }, NULL, NULL);
    ck_assert_ptr_nonnull(f.capture);
    return f;
}

/* Shows a copy of the segment with the byte at `where` XORed by `with`; before its checksum is
 * made, or after. */
static void show(struct fixture *f, uint8_t seq, int where, uint8_t with, bool before)
{
    struct packet *packet = packet_new(f->sim);
    uint8_t *frame = packet_push(packet, sizeof segment);
    struct tap *tap = capture_tap(f->capture);

    memcpy(frame, segment, sizeof segment);
    frame[TCP_SEQ] = seq;
    if (before)
        frame[where] ^= with;
    finish_tcp(frame);
    if (!before)
        frame[where] ^= with;
    tap->frame(tap, packet, f->now += SIM_MS, TAP_OUT);
    packet_delivered(packet);
}

/* The judge's exit status. */
static int judge(struct fixture *f, const char *options)
{
    const char *srcdir = getenv("srcdir");
    char *command = g_strdup_printf("%s/tests/scenarios/judge-captures.sh %s '%s' >/dev/null",
                                    srcdir ? srcdir : ".", options, f->dir);

    if (f->capture)
        ck_assert(capture_close(f->capture, NULL));
    f->capture = NULL;
    int status = system(command);
    g_free(command);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void end(struct fixture *f)
{
    unlink(f->path);
    ck_assert_int_eq(rmdir(f->dir), 0);
    sim_free(f->sim);
    g_free(f->path);
    g_free(f->dir);
}

START_TEST(clean)
{
    struct fixture f = begin();

    show(&f, 1, 0, 0, true);
    show(&f, 12, 0, 0, true);
    ck_assert_int_eq(judge(&f, "--lossless"), 0);
    end(&f);
}
END_TEST

static void check_found(int where, uint8_t with, bool before)
{
    struct fixture f = begin();

    show(&f, 1, 0, 0, true);
    show(&f, 12, where, with, before);
    ck_assert_int_eq(judge(&f, ""), 1);
    end(&f);
}

START_TEST(faults)
{
    check_found(IP_CHECKSUM, 1, false);
    check_found(TCP_CHECKSUM, 1, false);
    check_found(60, 1, false);           /* a byte of data */
    check_found(TCP_OFFSET, 0xa0, true); /* a header longer than the segment: malformed */
}
END_TEST

/* A retransmission is a finding only where nothing was lost. */
START_TEST(warnings)
{
    struct fixture f = begin();

    show(&f, 1, 0, 0, true);
    show(&f, 12, 0, 0, true);
    show(&f, 1, 0, 0, true);
    ck_assert_int_eq(judge(&f, ""), 0);
    ck_assert_int_eq(judge(&f, "--lossless"), 1);
    ck_assert_int_eq(judge(&f, "--lossless --allow 'retransmission|out-of-order'"), 0);
    end(&f);
}
END_TEST

START_TEST(nothing_to_judge)
{
    struct fixture f = begin();

    ck_assert(capture_close(f.capture, NULL));
    f.capture = NULL;
    unlink(f.path);
    ck_assert_int_eq(judge(&f, ""), 2);
    end(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { clean, faults, warnings, nothing_to_judge };

    char *tshark = g_find_program_in_path("tshark");

    if (!tshark)
        return 77;
    g_free(tshark);
    return suite_run("tests/scenarios/judge-captures.sh", tests, G_N_ELEMENTS(tests));
}
