/* recvmsg: data with its control messages, or a notice of the error queue. */
#include <errno.h>
#include <time.h> /* before errqueue.h */

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "tools/packetdrill/drill.h"

enum { CM_INQ = 36 /* TCP_CM_INQ */, SCM_STAMPS = 37 /* SCM_TIMESTAMPING */ };
enum { OPT_TSONLY = 1 << 11 };

/* What is still free of the caller's buffer; `used` of it holds messages. */
static void put_control(struct msghdr *message, size_t *used, int level, int type, const void *data,
                        size_t length)
{
    struct cmsghdr header = { .cmsg_len = CMSG_LEN(length),
                              .cmsg_level = level,
                              .cmsg_type = type };
    uint8_t *to = message->msg_control;

    if (!to || message->msg_controllen - *used < header.cmsg_len) {
        message->msg_flags |= MSG_CTRUNC;
        return;
    }
    memcpy(to + *used, &header, sizeof header);
    memcpy(to + *used + CMSG_LEN(0), data, length);
    *used += MIN(CMSG_SPACE(length), message->msg_controllen - *used);
}

/* TCP_INQ: what is left to read; after the last byte 1, so that the application reads the end. */
static int left_to_read(struct socket *socket)
{
    int64_t left = socket_inq(socket);

    if (left <= 0 && socket_conn(socket) && tcp_fin_received(socket_conn(socket)))
        return 1;
    return (int)MAX(left, 0);
}

/* ---- Times ----------------------------------------------------------------------------------- */

enum { RX_SOFTWARE = 1 << 3, SOFTWARE = 1 << 4, REPORTS_RX = RX_SOFTWARE | SOFTWARE };

static struct timespec clock_time(sim_time at)
{
    int64_t us = drill_microseconds(at);

    return (struct timespec){ .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
}

static void put_stamp(struct msghdr *message, size_t *used, sim_time at)
{
    struct scm_timestamping stamps = { .ts = { clock_time(at) } };

    put_control(message, used, SOL_SOCKET, SCM_STAMPS, &stamps, sizeof stamps);
}

static bool stamps_arrivals(const struct drill_file *file)
{
    return (file->timestamping & REPORTS_RX) == REPORTS_RX;
}

bool drill_wants_arrivals(const struct drill_file *file)
{
    return file->timestamp || stamps_arrivals(file);
}

/* In the order of Linux's tcp_recv_timestamp. */
static void put_arrival(struct drill_file *file, struct msghdr *message, size_t *used, sim_time at)
{
    struct timespec ns = clock_time(at);
    struct timeval us = { .tv_sec = ns.tv_sec, .tv_usec = ns.tv_nsec / 1000 };

    if (file->timestamp == SO_TIMESTAMPNS)
        put_control(message, used, SOL_SOCKET, SO_TIMESTAMPNS, &ns, sizeof ns);
    else if (file->timestamp)
        put_control(message, used, SOL_SOCKET, SO_TIMESTAMP, &us, sizeof us);
    if (stamps_arrivals(file))
        put_stamp(message, used, at);
}

void drill_put_controls(struct drill_file *file, struct msghdr *message)
{
    size_t used = 0;
    sim_time at;
    int left;

    if (drill_wants_arrivals(file) && drill_take_arrival(file, &at))
        put_arrival(file, message, &used, at);
    if (file->inq) {
        left = left_to_read(file->socket);
        put_control(message, &used, IPPROTO_TCP, CM_INQ, &left, sizeof left);
    }
    message->msg_controllen = used;
}

/* Linux gives the address of the offender, too; there is none. */
struct report {
    struct sock_extended_err error;
    union {
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } offender;
};

static void put_report(struct msghdr *message, size_t *used, const struct report *report, bool v6)
{
    size_t offender = v6 ? sizeof report->offender.v6 : sizeof report->offender.v4;

    put_control(message, used, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR,
                report, offsetof(struct report, offender) + offender);
}

int64_t drill_read_notice(struct drill_file *file, struct msghdr *message)
{
    struct drill_notice notice;
    struct report report = { 0 };
    size_t used = 0;

    if (!drill_take_notice(file, &notice))
        return -EAGAIN;
    message->msg_flags = MSG_ERRQUEUE;
    if (notice.zerocopy) {
        report.error.ee_origin = SO_EE_ORIGIN_ZEROCOPY;
        report.error.ee_code = SO_EE_CODE_ZEROCOPY_COPIED;
        report.error.ee_info = notice.first;
    } else {
        /* The segment comes along, for which callers never have room. */
        if (!(file->timestamping & OPT_TSONLY))
            message->msg_flags |= MSG_TRUNC;
        put_stamp(message, &used, notice.at);
        report.error.ee_errno = ENOMSG;
        report.error.ee_origin = SO_EE_ORIGIN_TIMESTAMPING;
        report.error.ee_info = notice.type;
    }
    report.error.ee_data = notice.last;
    put_report(message, &used, &report, file->v6);
    message->msg_controllen = used;
    message->msg_namelen = 0;
    return 0;
}
