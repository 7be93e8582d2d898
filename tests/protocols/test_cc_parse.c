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

SUITE("protocols/cc/parse", names, parameters, mistakes)
