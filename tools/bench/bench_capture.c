/* What a captured packet costs, beside a bare fwrite of the same bytes in the same run.
 *
 * usage: bench_capture [PACKETS]
 * Prints lines of key=value words; times are CPU times of this process, user and system, the least
 * of some rounds in which the two take turns. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "scenarios/results/capture.h"
#include "sim/sim.h"

enum { HEADERS = 66, PAYLOAD = 1448, RECORD = 16, ROUNDS = 5, SHORT = 96 };

static double cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* A data segment with timestamps, as bulk TCP sends it. */
static struct packet *segment(struct sim *sim)
{
    struct packet *packet = packet_new(sim);

    memset(packet_push(packet, HEADERS), 0xa5, HEADERS);
    packet_set_payload(packet, &blob_pattern, 0, PAYLOAD);
    return packet;
}

static double capture_round(struct packet *packet, const char *path, uint32_t snaplen, long packets)
{
    struct capture_options options = { .snaplen = snaplen };
    GError *error = NULL;
    struct capture *capture = capture_open(path, &options, NULL, &error);

    if (!capture) {
        fprintf(stderr, "bench_capture: %s\n", error->message);
        exit(2);
    }
    struct tap *tap = capture_tap(capture);
    double start = cpu_ns();
    for (long i = 0; i < packets; i++) {
        packet->offset = (uint64_t)i * PAYLOAD;
        tap->frame(tap, packet, i * 12304 * SIM_NS, TAP_OUT);
    }
    if (!capture_close(capture, &error)) {
        fprintf(stderr, "bench_capture: %s\n", error->message);
        exit(2);
    }
    return (cpu_ns() - start) / (double)packets;
}

static double fwrite_round(const char *path, uint32_t snaplen, long packets)
{
    uint32_t length = RECORD + (snaplen < HEADERS + PAYLOAD ? snaplen : HEADERS + PAYLOAD);
    uint8_t *record = g_malloc0(length);
    FILE *file = fopen(path, "wb");

    if (!file) {
        perror(path);
        exit(2);
    }
    double start = cpu_ns();
    for (long i = 0; i < packets; i++)
        if (fwrite(record, length, 1, file) != 1)
            exit(2);
    fclose(file);
    double cost = (cpu_ns() - start) / (double)packets;
    g_free(record);
    return cost;
}

static void measure(struct packet *packet, const char *path, const char *name, uint32_t snaplen,
                    long packets)
{
    double capture = 1e99, bare = 1e99;

    for (int i = 0; i < ROUNDS; i++) {
        capture = MIN(capture, capture_round(packet, path, snaplen, packets));
        unlink(path);
        bare = MIN(bare, fwrite_round(path, snaplen, packets));
        unlink(path);
    }
    printf("bench=capture frames=%s ns_per_packet=%.0f fwrite_ns_per_packet=%.0f ratio=%.2f\n",
           name, capture, bare, capture / bare);
}

int main(int argc, char **argv)
{
    long packets = argc > 1 ? atol(argv[1]) : 100000;
    struct sim *sim = sim_new(1);
    struct packet *packet = segment(sim);
    char *path = NULL;
    int fd = g_file_open_tmp("bench-capture-XXXXXX", &path, NULL);

    if (fd < 0 || packets < 1) {
        fprintf(stderr, "usage: bench_capture [PACKETS]\n");
        return 2;
    }
    close(fd);
    measure(packet, path, "full", CAPTURE_SNAPLEN, packets);
    measure(packet, path, "snap96", SHORT, packets);
    unlink(path);
    g_free(path);
    packet_delivered(packet);
    sim_free(sim);
    return 0;
}
