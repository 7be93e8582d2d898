/* Rows of sysctls: text to numbers and back.  What Linux 6.18 does with each text was seen by
 * writing it to /proc/sys/net/ipv4/tcp_reordering, tcp_adv_win_scale and tcp_rmem. */
#include "sim/sysctl.h"

#include "sim/error.h"
#include "tests/support/suite.h"

struct values {
    uint32_t one, three[3];
    int32_t below_zero;
};

static const struct sysctl_row rows[] = {
    { "a.one", offsetof(struct values, one), 1, 1, 300 },
    { "a.three", offsetof(struct values, three), 3, 1, INT32_MAX },
    { "a.sign", offsetof(struct values, below_zero), 1, -31, 31 },
    { .name = NULL },
};

START_TEST(one_number)
{
    static const struct {
        const char *text;
        uint32_t value; /* 0: refused */
    } cases[] = {
        { "5", 5 },
        { " 5 ", 5 },
        { "5\n", 5 },
        { "\n5", 5 },
        { "\t5\t", 5 },
        { "0x10", 16 },
        { "010", 8 },
        { "1", 1 },
        { "300", 300 },
        { "0", 0 },
        { "301", 0 },
        { "+5", 0 },
        { "-5", 0 },
        { "--5", 0 },
        { "5x", 0 },
        { "5,6", 0 },
        { "5.0", 0 },
        { "1e2", 0 },
        { "0x", 0 },
        { "08", 0 },
        { "x", 0 },
        { "- 5", 0 },
        { "99999999999999999999999", 0 },
        { "000000000000000000000005", 0 },
        /* Linux says nothing of these. */
        { "", 0 },
        { " ", 0 },
        { "5 6", 0 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct values v = { .one = 77 };
        bool taken = sysctl_write(&rows[0], &v, cases[i].text, NULL);
        ck_assert_msg(taken == (cases[i].value != 0), "\"%s\"", cases[i].text);
        ck_assert_uint_eq(v.one, taken ? cases[i].value : 77);
    }
}
END_TEST

START_TEST(several_numbers)
{
    struct values v = { .three = { 4096, 131072, 33554432 } };

    ck_assert(sysctl_write(&rows[1], &v, " 1  2\t3 ", NULL));
    ck_assert(sysctl_write(&rows[1], &v, "7 8", NULL));
    char *text = sysctl_read(&rows[1], &v);
    ck_assert_str_eq(text, "7 8 3");
    g_free(text);
    ck_assert(!sysctl_write(&rows[1], &v, "1 0 2", NULL));
    ck_assert(!sysctl_write(&rows[1], &v, "1 2 3 4", NULL));
    ck_assert(!sysctl_write(&rows[1], &v, "2147483648 1 1", NULL));
    ck_assert_uint_eq(v.three[0], 7);
}
END_TEST

START_TEST(below_zero)
{
    struct values v = { 0 };

    ck_assert(sysctl_write(&rows[2], &v, "-31", NULL));
    ck_assert_int_eq(v.below_zero, -31);
    char *text = sysctl_read(&rows[2], &v);
    ck_assert_str_eq(text, "-31");
    g_free(text);
    ck_assert(!sysctl_write(&rows[2], &v, "-32", NULL));
}
END_TEST

START_TEST(mistakes_are_explained)
{
    static const char *const names[] = { "a.one", "a.three", NULL };
    struct values v = { 0 };
    GError *error = NULL;

    sysctl_write(&rows[0], &v, "x", &error);
    ck_assert_str_eq(error->message, "a.one = \"x\": give a number from 1 to 300");
    g_clear_error(&error);
    sysctl_write(&rows[1], &v, "0", &error);
    ck_assert_str_eq(error->message, "a.three = \"0\": give up to 3 numbers from 1 to 2147483647");
    g_clear_error(&error);
    ck_assert_ptr_null(sysctl_find(rows, "a.thre"));
    sysctl_unknown("a.thre", names, &error);
    ck_assert_str_eq(error->message, "unknown sysctl \"a.thre\"; did you mean \"a.three\"?");
    g_clear_error(&error);
    sysctl_unknown("three", names, &error);
    ck_assert_str_eq(error->message, "unknown sysctl \"three\"; did you mean \"a.three\"?");
    g_clear_error(&error);
    ck_assert_ptr_eq(sysctl_find(rows, "a.three"), &rows[1]);
}
END_TEST

SUITE("sim/sysctl", one_number, several_numbers, below_zero, mistakes_are_explained)
