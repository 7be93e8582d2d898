/* IP's sysctls: names, defaults of Linux 6.18, errors, sharing. */
#include "protocols/ip/sysctl.h"

#include "sim/error.h"
#include "tests/support/iprig.h"
#include "tests/support/suite.h"

static void expect_value(const struct rig_node *node, const char *name, const char *value)
{
    char *text = ip_sysctl_get(&node->ip, name, NULL);

    ck_assert_ptr_nonnull(text);
    ck_assert_str_eq(text, value);
    g_free(text);
}

START_TEST(defaults_are_linux)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);

    expect_value(node, "net.ipv4.ip_default_ttl", "64");
    expect_value(node, "net.ipv4.icmp_ratemask", "6168");
    expect_value(node, "net.ipv4.icmp_msgs_per_sec", "1000");
    expect_value(node, "net.ipv4.icmp_msgs_burst", "50");
    expect_value(node, "net.ipv4.ipfrag_high_thresh", "4194304");
    expect_value(node, "net.ipv4.ipfrag_max_dist", "64");
    expect_value(node, "net.ipv4.conf.default.accept_redirects", "1");
    expect_value(node, "net.ipv4.conf.all.send_redirects", "1");
    expect_value(node, "net.ipv4.neigh.default.unres_qlen_bytes", "212992");
    rig_fini(&rig);
}
END_TEST

START_TEST(each_can_be_set_and_read)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);
    const char *const *names = ip_sysctl_names();

    for (int i = 0; names[i]; i++) {
        char *text = ip_sysctl_get(&node->ip, names[i], NULL);
        ck_assert(ip_sysctl_set(&node->ip, names[i], text, NULL));
        g_free(text);
        if (i > 0)
            ck_assert_int_lt(strcmp(names[i - 1], names[i]), 0);
        text = g_strdup_printf("%u", strcmp(names[i], "net.ipv4.route.min_pmtu") ? 1u : 68u);
        ck_assert(ip_sysctl_set(&node->ip, names[i], text, NULL));
        expect_value(node, names[i], text);
        g_free(text);
    }
    rig_fini(&rig);
}
END_TEST

START_TEST(shared_until_changed)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *a = rig_node(&rig), *b = rig_node(&rig);

    ck_assert_ptr_eq(a->ip.sysctl, b->ip.sysctl);
    ck_assert(ip_sysctl_set(&a->ip, "net.ipv4.ip_default_ttl", "32", NULL));
    expect_value(a, "net.ipv4.ip_default_ttl", "32");
    expect_value(b, "net.ipv4.ip_default_ttl", "64");
    ck_assert_ptr_eq(b->ip.sysctl, &ip_sysctl_defaults);
    rig_fini(&rig);
}
END_TEST

START_TEST(mistakes_are_explained)
{
    static const struct {
        const char *name, *text, *part;
        int code;
    } cases[] = {
        { "net.ipv4.ip_default_tll", "1", "did you mean \"net.ipv4.ip_default_ttl\"",
          WEFT_ERROR_UNKNOWN },
        { "net.ipv4.ip_default_ttl", "0", "from 1 to 255", WEFT_ERROR_RANGE },
        { "net.ipv4.ip_default_ttl", "256", "from 1 to 255", WEFT_ERROR_RANGE },
        { "net.ipv4.ip_default_ttl", "", "from 1 to 255", WEFT_ERROR_RANGE },
        { "net.ipv4.ip_default_ttl", "64x", "from 1 to 255", WEFT_ERROR_RANGE },
        { "net.ipv4.ip_default_ttl", "-1", "from 1 to 255", WEFT_ERROR_RANGE },
        { "net.ipv4.ip_default_ttl", "99999999999999999999", "from 1 to 255", WEFT_ERROR_RANGE },
        { "net.ipv4.conf.all.ip_forward", "1", "unknown sysctl", WEFT_ERROR_UNKNOWN },
    };
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        GError *error = NULL;
        ck_assert(!ip_sysctl_set(&node->ip, cases[i].name, cases[i].text, &error));
        ck_assert_int_eq(error->code, cases[i].code);
        ck_assert_msg(strstr(error->message, cases[i].part) != NULL, "%s", error->message);
        g_error_free(error);
    }
    GError *error = NULL;
    ck_assert_ptr_null(ip_sysctl_get(&node->ip, "net.ipv4.nothing", &error));
    g_error_free(error);
    ck_assert_ptr_eq(node->ip.sysctl, &ip_sysctl_defaults);
    rig_fini(&rig);
}
END_TEST

START_TEST(ip_forward_is_the_flag)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);

    expect_value(node, "net.ipv4.ip_forward", "0");
    node->ip.forwarding = true;
    expect_value(node, "net.ipv4.ip_forward", "1");
    ck_assert(ip_sysctl_set(&node->ip, "net.ipv4.ip_forward", "0", NULL));
    ck_assert(!node->ip.forwarding);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/ip_sysctl", defaults_are_linux, each_can_be_set_and_read, shared_until_changed,
      mistakes_are_explained, ip_forward_is_the_flag)
