/* A segment for a half-open request (RFC 9293 3.10.7.4, SYN-RECEIVED): what it must be for the
 * handshake to be complete, and what becomes of it otherwise. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"

enum stamp { STAMP_GOOD, STAMP_OLD, STAMP_NEVER_SENT };

/* Timestamps of an old connection (PAWS), or an echo of what we did not send; even of a RST. */
static enum stamp check_stamp(const struct tcp_request *req, const struct tcp_options *opt)
{
    if (!opt->saw_tstamp)
        return STAMP_GOOD;
    if ((int32_t)(req->opt.ts_recent - opt->rcv_tsval) > 0 && req->opt.ts_recent)
        return STAMP_OLD;
    if (opt->rcv_tsecr && !between(opt->rcv_tsecr, req->tsval_first, req->tsval_last))
        return STAMP_NEVER_SENT;
    return STAMP_GOOD;
}

static void repeated_syn(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;

    tcp_ecn_request_again(req, rx);
    if (tcp_oow_limited(stack, &req->last_oow_ms, &stack->counters->TCPACKSkippedSynRecv))
        return;
    if (request_repeat_syn_ack(req))
        request_start_timer(req);
}

/* Out of window, or out of time. */
static void unacceptable(struct tcp_request *req, const struct tcp_rx *rx, enum stamp stamp)
{
    struct tcp_stack *stack = req->entry.stack;

    if (stamp == STAMP_OLD)
        stack->counters->PAWSEstab++;
    else if (stamp == STAMP_NEVER_SENT)
        stack->counters->TSEcrRejected++;
    if (!(rx->flags & TH_RST) &&
        !tcp_segment_limited(stack, rx, &req->last_oow_ms, &stack->counters->TCPACKSkippedSynRecv))
        request_send_ack(req, rx);
}

/* RFC 5961 3.2: only the exact number is believed. */
static void reset_arrived(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;

    if (rx->seq == req->irs + 1) {
        stack->counters->AttemptFails++;
        request_reset(req);
    } else if (!tcp_oow_limited(stack, &req->last_oow_ms,
                                &stack->counters->TCPACKSkippedChallenge)) {
        stack->counters->TCPChallengeACK++;
        request_send_ack(req, rx);
    }
}

/* TCP_DEFER_ACCEPT: the listener does not want to hear of a connection without data yet. */
static bool must_wait_for_data(struct tcp_request *req, const struct tcp_rx *rx)
{
    if (req->num_timeout >= req->listener->config->defer_accept || rx->end_seq != req->irs + 1)
        return false;
    req->acked = true;
    req->entry.stack->counters->TCPDeferAcceptDrop++;
    return true;
}

/* The handshake is complete: the request becomes a connection, which gets the segment. */
static void complete(struct tcp_request *req, struct tcp_rx *rx, const struct tcp_options *opt)
{
    struct tcp_stack *stack = req->entry.stack;

    if (listener_full(req->listener)) {
        listener_overflow(req->listener);
        if (stack->sysctl->abort_on_overflow) {
            tcp_reset_for(stack, rx);
            request_reset(req);
        } else {
            req->acked = true;
        }
        return;
    }
    /* The last use of the request: what came before left its timestamp alone. */
    if (opt->saw_tstamp && !after(rx->seq, req->irs + 1))
        req->opt.ts_recent = opt->rcv_tsval;
    request_establish(req, rx);
}

/* An acceptable segment that is no RST. */
static void acceptable(struct tcp_request *req, struct tcp_rx *rx, const struct tcp_options *opt)
{
    struct tcp_stack *stack = req->entry.stack;

    if (rx->flags & TH_SYN && rx->seq != req->irs) {
        stack->counters->AttemptFails++;
        tcp_reset_for(stack, rx);
        request_reset(req);
    } else if (rx->flags & TH_ACK) {
        if (!must_wait_for_data(req, rx))
            complete(req, rx, opt);
    }
}

void tcp_request_input(struct tcp_request *req, struct tcp_rx *rx)
{
    struct tcp_options opt = { .tstamp_ok = req->opt.tstamp_ok };
    unsigned flags = rx->flags & (TH_SYN | TH_ACK | TH_RST); /* a FIN makes no difference */

    tcp_options_established(rx, &opt);
    enum stamp stamp = check_stamp(req, &opt);
    if (rx->seq == req->irs && flags == TH_SYN && stamp != STAMP_OLD)
        repeated_syn(req, rx);
    else if ((flags & (TH_ACK | TH_RST)) == TH_ACK && rx->ack != req->entry.iss + 1)
        tcp_listen_input(req->listener, rx, &req->entry.key, 0);
    else if (stamp != STAMP_GOOD || !tcp_in_window(rx, req->irs + 1, req->irs + 1 + req->rcv_wnd))
        unacceptable(req, rx, stamp);
    else if (flags & TH_RST)
        reset_arrived(req, rx);
    else
        acceptable(req, rx, &opt);
}

/* An ICMP error about our SYN-ACK: forget the request (RFC 5927 leaves no other state to harm). */
void tcp_request_error(struct tcp_request *req, uint32_t seq, bool ends)
{
    struct tcp_counters *counters = req->entry.stack->counters;

    if (seq != req->entry.iss) {
        counters->OutOfWindowIcmps++;
    } else if (ends) {
        counters->ListenDrops++;
        request_free(req);
    }
}
