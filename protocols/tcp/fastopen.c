/* TCP Fast Open (RFC 7413): data in the SYN.
 *
 * A server gives each client a cookie, a keyed hash of both addresses, in a SYN-ACK; a client that
 * shows it in a later SYN may put data there, which the server takes at once: the connection exists
 * before its handshake is complete, and answers.  A client remembers cookies, and the segment size
 * that came with them, by address.  What the server does not acknowledge of the data is sent again
 * after the handshake; a SYN that is repeated is a plain one.
 *
 * net.ipv4.tcp_fastopen: 1 client, 2 server, 4 data without cookie, 0x200 the server needs none,
 * 0x400 all listeners do it.  The experimental option (254, RFC 6994) is understood, too. */
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"

enum { EXPERIMENT = 254, MAGIC = 0xf989 };

/* The option of a SYN; len -1: there is none. */
void tcp_fastopen_option(const struct tcp_rx *rx, struct tcp_cookie *cookie)
{
    struct tcphdr_item item;
    uint32_t length = rx->doff - (uint32_t)TCP_HEADER;

    *cookie = (struct tcp_cookie){ .len = -1 };
    for (uint32_t at = 0; tcphdr_option_next(rx->header + TCP_HEADER, length, &at, &item);) {
        uint32_t skip = 0, n;
        if (item.kind == TCPOPT_EOL)
            return;
        if (item.kind == EXPERIMENT && item.length >= 4 &&
            (item.value[0] << 8 | item.value[1]) == MAGIC)
            skip = 2;
        else if (item.kind != TCPOPT_TFO)
            continue;
        n = item.length - 2u - skip;
        if (n % 2 || n > TCPHDR_COOKIE_MAX || (n > 0 && n < TCPHDR_COOKIE_MIN))
            continue;
        cookie->len = (int8_t)n;
        cookie->exp = skip > 0;
        memcpy(cookie->value, item.value + skip, n);
    }
}

/* Bytes of the option, with NOPs. */
uint32_t tcp_cookie_bytes(const struct tcp_cookie *cookie)
{
    return cookie && cookie->len >= 0 ? ((uint32_t)cookie->len + (cookie->exp ? 4 : 2) + 3) & ~3u
                                      : 0;
}

void tcp_cookie_put(const struct tcp_cookie *cookie, uint8_t *p)
{
    uint32_t head = cookie->exp ? 4 : 2, n = head + (uint32_t)cookie->len;

    p[0] = cookie->exp ? EXPERIMENT : TCPOPT_TFO;
    p[1] = (uint8_t)n;
    if (cookie->exp) {
        p[2] = MAGIC >> 8;
        p[3] = MAGIC & 0xff;
    }
    memcpy(p + head, cookie->value, (size_t)cookie->len);
    for (; n & 3; n++)
        p[n] = TCPOPT_NOP;
}
