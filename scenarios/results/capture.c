/* The file is written with write(2) in pieces of BUFFER bytes; stdio would copy everything once
 * more.  libpcap writes the file header, and compiles and runs the filters.  A filter has to see
 * the whole frame, which is therefore put together at the end of the buffer first, and taken back
 * if the filter refuses it. */
#include "scenarios/results/capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "sim/error.h"
#include "sim/list.h"

enum {
    BUFFER = 256 * 1024,
    RECORD_HEADER = 16,
    DISK_CHECK_EVERY = 16 * 1024 * 1024,
};

/* What precedes each frame in the file; in the byte order of the machine, as the magic number of
 * the file header says. */
struct record_header {
    uint32_t sec, nsec, caplen, len;
};

_Static_assert(sizeof(struct record_header) == RECORD_HEADER, "as in the file");
_Static_assert(BUFFER >= RECORD_HEADER + PACKET_BUF + BLOB_SPAN_MAX, "any frame fits");

struct capture {
    struct tap tap;
    pcap_dumper_t *dumper; /* owns the file */
    int fd;
    uint32_t snaplen;
    uint32_t used;    /* bytes in the buffer */
    sim_time second;  /* start of the second of the last frame ... */
    uint32_t seconds; /* ... and what the file says for it */
    int64_t epoch;
    struct bpf_insn *filter; /* NULL: everything */
    struct bpf_program program;
    struct capture_stats stats;
    struct capture_budget *budget;
    uint64_t disk_checked; /* stats.bytes at the last look at the disk */
    int error;             /* errno of a failed write */
    char *path;
    uint8_t *buffer; /* BUFFER bytes */
};

static void capture_stop(struct capture *capture, enum capture_end end, sim_time at)
{
    capture->tap.directions = 0;
    capture->stats.end = end;
    capture->stats.stopped = at;
}

static bool disk_has_room(const struct capture_budget *budget)
{
    struct statvfs fs;

    if (!budget || !budget->directory || statvfs(budget->directory, &fs) != 0)
        return true;
    return (uint64_t)fs.f_bavail * fs.f_frsize > budget->reserve + BUFFER;
}

static void write_out(struct capture *capture, sim_time at)
{
    const uint8_t *from = capture->buffer;

    while (capture->used > 0 && !capture->error) {
        ssize_t n = write(capture->fd, from, capture->used);
        if (n >= 0) {
            from += n;
            capture->used -= (uint32_t)n;
        } else if (errno != EINTR) {
            capture->error = errno;
            capture_stop(capture, CAPTURE_FAILED, at);
        }
    }
    capture->used = 0;
    if (capture->stats.bytes - capture->disk_checked < DISK_CHECK_EVERY)
        return;
    capture->disk_checked = capture->stats.bytes;
    if (!capture->error && !disk_has_room(capture->budget))
        capture_stop(capture, CAPTURE_DISK_FULL, at);
}

/* Copies the first `length` bytes of the frame to `to`. */
static inline void copy_frame(const struct packet *frame, uint8_t *to, uint32_t length)
{
    uint32_t header = packet_header_len(frame);

    if (length <= header) {
        memcpy(to, frame->buf + frame->head, length);
        return;
    }
    memcpy(to, frame->buf + frame->head, header);
    length -= header;
    memcpy(to + header, blob_span(frame->blob, frame->offset, length), length);
}

static inline struct record_header stamp(struct capture *capture, sim_time at)
{
    sim_time since = at - capture->second;

    if (since < 0 || since >= SIM_S) {
        sim_time whole = at / SIM_S;
        capture->second = whole * SIM_S;
        capture->seconds = (uint32_t)(capture->epoch + whole);
        since = at - capture->second;
    }
    return (struct record_header){ .sec = capture->seconds,
                                   .nsec = (uint32_t)((uint64_t)since / (uint64_t)SIM_NS) };
}

/* False, and the capture stopped, if `bytes` more are too many. */
static bool within_budget(struct capture *capture, uint32_t bytes, sim_time at)
{
    struct capture_budget *budget = capture->budget;

    if (!budget)
        return true;
    if (budget->limit && budget->used + bytes > budget->limit) {
        capture_stop(capture, CAPTURE_LIMIT, at);
        return false;
    }
    budget->used += bytes;
    return true;
}

static void capture_frame(struct tap *tap, const struct packet *frame, sim_time at,
                          enum tap_direction direction)
{
    struct capture *capture = container_of(tap, struct capture, tap);
    struct record_header header = stamp(capture, at);
    uint32_t length = packet_len(frame);
    uint32_t kept = length < capture->snaplen ? length : capture->snaplen;

    if (BUFFER - capture->used < RECORD_HEADER + length)
        write_out(capture, at);
    uint8_t *to = capture->buffer + capture->used;
    if (__builtin_expect(capture->filter != NULL, 0)) {
        copy_frame(frame, to + RECORD_HEADER, length);
        if (bpf_filter(capture->filter, to + RECORD_HEADER, length, length) == 0) {
            capture->stats.filtered++;
            return;
        }
    } else {
        copy_frame(frame, to + RECORD_HEADER, kept);
    }
    if (!within_budget(capture, RECORD_HEADER + kept, at))
        return;
    header.caplen = kept;
    header.len = length;
    memcpy(to, &header, sizeof header);
    capture->used += RECORD_HEADER + kept;
    capture->stats.frames++;
    capture->stats.bytes += RECORD_HEADER + kept;
}

/* ---- Opening and closing -------------------------------------------------------------------- */

static bool compile_filter(struct capture *capture, pcap_t *pcap, const char *filter,
                           GError **error)
{
    if (!filter)
        return true;
    if (pcap_compile(pcap, &capture->program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                    "capture filter \"%s\": %s; the syntax is tcpdump's, see pcap-filter(7)",
                    filter, pcap_geterr(pcap));
        return false;
    }
    capture->filter = capture->program.bf_insns;
    return true;
}

/* libpcap's handle serves to write the header and to compile; the file needs it no longer. */
static bool open_file(struct capture *capture, const char *path, const char *filter, GError **error)
{
    pcap_t *pcap = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, (int)capture->snaplen,
                                                        PCAP_TSTAMP_PRECISION_NANO);

    if (compile_filter(capture, pcap, filter, error)) {
        capture->dumper = pcap_dump_open(pcap, path);
        if (!capture->dumper || pcap_dump_flush(capture->dumper) != 0)
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "cannot write the capture \"%s\": %s",
                        path, capture->dumper ? g_strerror(errno) : pcap_geterr(pcap));
        else
            capture->fd = fileno(pcap_dump_file(capture->dumper));
    }
    pcap_close(pcap);
    return capture->fd >= 0;
}

static void capture_free(struct capture *capture)
{
    if (capture->dumper)
        pcap_dump_close(capture->dumper);
    if (capture->filter)
        pcap_freecode(&capture->program);
    g_free(capture->buffer);
    g_free(capture->path);
    g_free(capture);
}

struct capture *capture_open(const char *path, const struct capture_options *options,
                             struct capture_budget *budget, GError **error)
{
    struct capture *capture = g_new(struct capture, 1);

    *capture = (struct capture){
        .tap = { .frame = capture_frame,
                 .directions = options->direction ? options->direction : TAP_BOTH,
                 .host = options->host,
                 .from = options->from,
                 .to = options->to ? options->to : SIM_NEVER },
        .fd = -1,
        .snaplen = options->snaplen ? options->snaplen : CAPTURE_SNAPLEN,
        .second = -SIM_S,
        .epoch = options->epoch ? options->epoch : CAPTURE_EPOCH,
        .budget = budget,
        .path = g_strdup(path),
        .buffer = g_malloc(BUFFER),
    };
    if (!open_file(capture, path, options->filter, error)) {
        capture_free(capture);
        return NULL;
    }
    return capture;
}

struct tap *capture_tap(struct capture *capture)
{
    return &capture->tap;
}

const char *capture_path(const struct capture *capture)
{
    return capture->path;
}

uint32_t capture_snaplen(const struct capture *capture)
{
    return capture->snaplen;
}

struct capture_stats capture_stats(const struct capture *capture)
{
    return capture->stats;
}

void capture_flush(struct capture *capture)
{
    write_out(capture, capture->second);
}

bool capture_close(struct capture *capture, GError **error)
{
    capture_flush(capture);
    int failed = capture->error;
    if (failed)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "cannot write the capture \"%s\": %s",
                    capture->path, g_strerror(failed));
    capture_free(capture);
    return failed == 0;
}
