/* The cookies of a Fast Open server (RFC 7413 4.1.2), and the keys they are made with.  The key
 * before the last still makes good ones. */
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "sim/hash.h"

enum { COOKIE_LEN = 8 };

/* The key is the listener's, or the sysctl's; while nobody wrote that, it follows from the stack's
 * name. */
uint32_t tcp_fastopen_keys(const struct tcp_stack *stack, const struct tcp_config *config,
                           uint8_t *out)
{
    const uint32_t *words = stack->sysctl->fastopen_key;
    bool set = stack->sysctl->fastopen_key_set;

    if (config->fastopen_keys) {
        memcpy(out, config->fastopen_key, config->fastopen_keys * (size_t)TCP_FASTOPEN_KEY);
        return config->fastopen_keys * (uint32_t)TCP_FASTOPEN_KEY;
    }
    for (int i = 0; i < TCP_FASTOPEN_KEY; i++) {
        uint64_t own = hash_mix(stack->key + (uint64_t)(i / 8));
        out[i] = set ? (uint8_t)(words[i / 4] >> 8 * (i % 4)) : (uint8_t)(own >> 8 * (i % 8));
    }
    return TCP_FASTOPEN_KEY;
}

/* The cookie for a client: a hash of its address and ours. */
static void make_cookie(const struct tcp_stack *stack, const uint8_t *secret,
                        const struct tcp_key *key, struct tcp_cookie *cookie)
{
    struct ip_addr remote = tcp_outside(stack, &key->remote);
    struct ip_addr local = tcp_outside(stack, &key->local);
    uint32_t n = ip_addr_is_v4(&remote) ? 4 : 16;
    uint8_t addresses[32];

    memcpy(addresses, remote.b + 16 - n, n);
    memcpy(addresses + n, local.b + 16 - n, n);
    uint64_t hash = tcp_siphash(secret, addresses, 2 * n);
    cookie->len = COOKIE_LEN;
    for (int i = 0; i < COOKIE_LEN; i++)
        cookie->value[i] = (uint8_t)(hash >> 8 * i);
}

static bool is_cookie(const struct tcp_cookie *cookie, const struct tcp_cookie *good)
{
    return cookie->len == good->len && memcmp(cookie->value, good->value, COOKIE_LEN) == 0;
}

enum tcp_cookie_judgement tcp_cookie_judge(const struct tcp_listener *l, const struct tcp_key *key,
                                           const struct tcp_cookie *cookie,
                                           struct tcp_cookie *answer)
{
    uint8_t keys[2 * TCP_FASTOPEN_KEY];
    bool two = tcp_fastopen_keys(l->stack, l->config, keys) > TCP_FASTOPEN_KEY;
    struct tcp_cookie old;

    make_cookie(l->stack, keys, key, answer);
    answer->exp = cookie->exp;
    if (is_cookie(cookie, answer))
        return COOKIE_GOOD;
    if (!two)
        return COOKIE_WRONG;
    make_cookie(l->stack, keys + TCP_FASTOPEN_KEY, key, &old);
    return is_cookie(cookie, &old) ? COOKIE_OF_OLD_KEY : COOKIE_WRONG;
}
