/* Ports that nobody asked for: what bind(2) and connect(2) choose, and what they leave alone.
 *
 * What is expected was seen on Linux 6.18 in a network namespace with a range of a few ports; which
 * port of several comes first is chance there, too, so sets are compared. */
#include "protocols/ip/ports.h"
#include "sim/error.h"
#include "tests/support/sockets.h"
#include "tests/support/suite.h"

enum { ANY = 16 };

/* Binds to any port of a's until that fails; the ports modulo 10 in the order of binding. */
static void bind_all(struct sockrig *r, enum socket_kind kind, bool reuse, char out[ANY + 1])
{
    struct socket_addr any = { .port = 0 }, name;
    int n = 0;

    for (; n < ANY; n++) {
        struct socket *s = socket_new(r->at_a, kind);
        rig_set(s, "SO_REUSEADDR", reuse);
        int error = socket_bind(s, &any);
        if (error) {
            ck_assert_int_eq(error, -EADDRINUSE);
            break;
        }
        socket_name(s, &name);
        out[n] = (char)('0' + name.port % 10);
    }
    out[n] = '\0';
}

static int by_letter(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

/* Asserts that the letters [from, to) are those of `want`, in any order. */
static void ck_assert_among(const char *got, int from, int to, const char *want)
{
    char part[ANY + 1] = { 0 };

    ck_assert_int_ge((int)strlen(got), to);
    memcpy(part, got + from, (size_t)(to - from));
    qsort(part, (size_t)(to - from), 1, by_letter);
    ck_assert_str_eq(part, want);
}

START_TEST(odd_ones_first)
{
    struct sockrig r = rig_new();
    char got[ANY + 1];

    rig_sysctl(r.a, "net.ipv4.ip_local_port_range", "40000 40007");
    bind_all(&r, SOCKET_STREAM, false, got);
    ck_assert_uint_eq(strlen(got), 8);
    ck_assert_among(got, 0, 4, "1357");
    ck_assert_among(got, 4, 8, "0246");
    rig_end(&r);
}
END_TEST

/* The last of an odd number of ports is never chosen. */
START_TEST(three_ports_are_two)
{
    struct sockrig r = rig_new();
    char got[ANY + 1];

    rig_sysctl(r.a, "net.ipv4.ip_local_port_range", "40000 40002");
    bind_all(&r, SOCKET_STREAM, false, got);
    ck_assert_str_eq(got, "10");
    rig_end(&r);
}
END_TEST

START_TEST(the_lower_half_first_with_reuseaddr)
{
    struct sockrig r = rig_new();
    char got[ANY + 1];

    rig_sysctl(r.a, "net.ipv4.ip_local_port_range", "40000 40007");
    bind_all(&r, SOCKET_STREAM, true, got);
    ck_assert_uint_eq(strlen(got), 8);
    ck_assert_among(got, 0, 2, "13");
    ck_assert_among(got, 2, 4, "02");
    ck_assert_among(got, 4, 6, "57");
    ck_assert_among(got, 6, 8, "46");
    rig_end(&r);
}
END_TEST

/* net.ipv4.ip_autobind_reuse: when all are taken they are shared, from the lower half on. */
START_TEST(autobind_reuse)
{
    struct sockrig r = rig_new();
    char got[ANY + 1];

    rig_sysctl(r.a, "net.ipv4.ip_local_port_range", "40000 40003");
    rig_sysctl(r.a, "net.ipv4.ip_autobind_reuse", "1");
    bind_all(&r, SOCKET_STREAM, true, got);
    ck_assert_str_eq(got, "1032111111111111");
    rig_end(&r);
    r = rig_new();
    rig_sysctl(r.a, "net.ipv4.ip_local_port_range", "40000 40003");
    rig_sysctl(r.a, "net.ipv4.ip_autobind_reuse", "1");
    bind_all(&r, SOCKET_STREAM, false, got);
    ck_assert_uint_eq(strlen(got), 4);
    rig_end(&r);
}
END_TEST

START_TEST(reserved_ports)
{
    struct sockrig r = rig_new();
    struct socket_addr reserved = { .port = 40003 }, to = rig_addr(r.b, 80), name;
    char got[ANY + 1];

    rig_listen(&r, 80, 10);
    rig_sysctl(r.a, "net.ipv4.ip_local_port_range", "40000 40007");
    rig_sysctl(r.a, "net.ipv4.ip_local_reserved_ports", "40001-40004");
    bind_all(&r, SOCKET_DGRAM, false, got);
    ck_assert_among(got, 0, (int)strlen(got), "0567");
    for (int i = 0; i < 5; i++) {
        struct socket *s = socket_new(r.at_a, SOCKET_STREAM);
        int error = socket_connect(s, &to);
        ck_assert_int_eq(error, i < 4 ? -EINPROGRESS : -EADDRNOTAVAIL);
        socket_name(s, &name);
        ck_assert(i == 4 || name.port == 40000 || name.port > 40004);
    }
    /* Who asks for one gets it. */
    ck_assert_int_eq(socket_bind(socket_new(r.at_a, SOCKET_STREAM), &reserved), 0);
    rig_sysctl(r.a, "net.ipv4.ip_local_reserved_ports", "");
    bind_all(&r, SOCKET_STREAM, false, got);
    ck_assert_among(got, 0, (int)strlen(got), "124");
    rig_end(&r);
}
END_TEST

/* Texts, as that kernel takes and shows them. */
START_TEST(lists_of_ports)
{
    static const char *const cases[][2] = {
        { "8080", "8080" },   { "8080,9148", "8080,9148" },
        { "1-3,2-7", "1-7" }, { "1,3,2", "1-3" },
        { "0", "0" },         { "65535", "65535" },
        { "7\n", "7" },       { "", "" },
        { "5-3", NULL },      { "65536", NULL },
        { "1 2", NULL },      { "1, 2", NULL },
        { "1,,2", NULL },     { "-5", NULL },
        { "5-", NULL },       { "1-2-3", NULL },
        { "x", NULL },        { " 7 ", NULL },
        { "1,", NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct ports *ports;
        GError *error = NULL;
        bool taken = ports_parse(cases[i][0], &ports, &error);
        ck_assert_msg(taken == (cases[i][1] != NULL), "\"%s\"", cases[i][0]);
        if (!taken) {
            ck_assert_ptr_nonnull(strstr(error->message, "8080,9000-9005"));
            g_error_free(error);
            continue;
        }
        char *text = ports_text(ports);
        ck_assert_str_eq(text, cases[i][1]);
        g_free(text);
        g_free(ports);
    }
}
END_TEST

SUITE("models/socket: ports", odd_ones_first, three_ports_are_two,
      the_lower_half_first_with_reuseaddr, autobind_reuse, reserved_ports, lists_of_ports)
