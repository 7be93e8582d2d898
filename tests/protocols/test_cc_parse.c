/* The congestion control that a user's words describe. */
#include <string.h>

#include "protocols/cc/cc.h"
#include "tests/support/suite.h"

START_TEST(names)
{
    const struct cc_ops *ops;
    void *params;

    ck_assert(cc_parse(NULL, " reno ", &ops, &params, NULL));
    ck_assert_str_eq(ops->name, "reno");
    ck_assert_ptr_null(params);
    cc_params_free(ops, params);
}
END_TEST

START_TEST(parameters)
{
    const struct cc_ops *ops;
    void *params;
    double beta;

    ck_assert(cc_parse(NULL, "cubic hystart off  beta 512", &ops, &params, NULL));
    ck_assert_ptr_nonnull(params);
    const struct param *p = param_find(ops->params, "beta", NULL);
    ck_assert(param_number(p, params, &beta));
    ck_assert_double_eq(beta, 512);
    char *hystart = param_show(param_find(ops->params, "hystart", NULL), params);
    ck_assert_str_eq(hystart, "off");
    g_free(hystart);
    /* What is not said keeps its default. */
    char *friendly = param_show(param_find(ops->params, "tcp_friendliness", NULL), params);
    ck_assert_str_eq(friendly, "yes");
    g_free(friendly);
    cc_params_free(ops, params);
}
END_TEST

START_TEST(mistakes)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "", "unknown congestion control \"\"; there are " },
        { "cubik", "did you mean \"cubic\"?" },
        { "cubic hystat off", "cc cubic: unknown option `hystat`; did you mean `hystart`?" },
        { "cubic hystart of", "did you mean \"off\"?" },
        { "cubic hystart", "cc cubic: \"hystart\" has no value" },
        { "cubic beta 2000", "must be between 1 and 1023" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct cc_ops *ops;
        GError *error = NULL;
        void *params;

        ck_assert(!cc_parse(NULL, cases[i].text, &ops, &params, &error));
        ck_assert_msg(strstr(error->message, cases[i].want) != NULL, "%s", error->message);
        g_error_free(error);
    }
}
END_TEST

static uint32_t number(struct cc *cc)
{
    return 0;
}

static void grow(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
}

static void control(struct cc *cc, const struct cc_ack *ack)
{
}

/* What CONTRIBUTING.md and cc.h ask of a table, each of it missing once. */
START_TEST(incomplete_tables)
{
    static const struct param none[] = { PARAM_END };
    static const struct {
        struct cc_ops ops;
        const char *want; /* NULL: nothing is missing */
    } cases[] = {
        { { "a", "b", .ssthresh = number, .avoid = grow, .undo = number }, NULL },
        { { "a", "b", .control = control, .undo = number }, NULL },
        { { "a", "b", none, 1, .control = control, .undo = number }, NULL },
        { { NULL, "b", .control = control, .undo = number }, "\"?\" lacks a name" },
        { { "", "b", .control = control, .undo = number }, "lacks a name" },
        { { "a", NULL, .control = control, .undo = number }, "\"a\" lacks a line" },
        { { "a", "b", .ssthresh = number, .undo = number }, "lacks `ssthresh` and" },
        { { "a", "b", .avoid = grow, .undo = number }, "lacks `ssthresh` and" },
        { { "a", "b", .control = control }, "lacks `undo`" },
        { { "a", "b", none, 0, .control = control, .undo = number }, "lacks `params_size`" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        ck_assert_int_eq(cc_check(&cases[i].ops, &error), cases[i].want == NULL);
        ck_assert(!error == !cases[i].want);
        if (error)
            ck_assert_msg(strstr(error->message, cases[i].want) != NULL, "%s", error->message);
        g_clear_error(&error);
    }
}
END_TEST

/* What a user added comes first; by its whole name. */
START_TEST(added_algorithms)
{
    static const struct cc_ops mine = { .name = "mine" }, cubic = { .name = "cubic" };
    const struct cc_ops *const more[] = { &mine, &cubic, NULL };

    ck_assert_ptr_eq(cc_find_among(more, "mine"), &mine);
    ck_assert_ptr_eq(cc_find_among(more, "cubic"), &cubic);
    ck_assert_str_eq(cc_find_among(more, "reno")->name, "reno");
    ck_assert_str_eq(cc_find_among(NULL, "cubic")->name, "cubic");
    ck_assert_ptr_ne(cc_find_among(NULL, "cubic"), &cubic);
    ck_assert_ptr_null(cc_find_among(more, "cubi"));
}
END_TEST

SUITE("protocols/cc/parse", names, parameters, mistakes, incomplete_tables, added_algorithms)
