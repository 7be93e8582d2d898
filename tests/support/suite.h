/* The main function of a Check program: SUITE("sim/unit", test_a, test_b).  The exit status is 1
 * if a test failed. */
#ifndef WEFT_TESTS_SUPPORT_SUITE_H
#define WEFT_TESTS_SUPPORT_SUITE_H

#include <check.h>
#include <stddef.h>

static inline int suite_run(const char *name, const TTest *const *tests, size_t n)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create("all");

    for (size_t i = 0; i < n; i++)
        tcase_add_test(all, tests[i]);
    tcase_set_timeout(all, 120);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}

#define SUITE(name, ...)                                               \
    int main(void)                                                     \
    {                                                                  \
        const TTest *const tests[] = { __VA_ARGS__ };                  \
        return suite_run(name, tests, sizeof tests / sizeof tests[0]); \
    }

#endif
