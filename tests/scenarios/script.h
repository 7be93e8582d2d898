/* Runs texts as scenarios, in a folder of their own, and says what came of it. */
#ifndef WEFT_TESTS_SCENARIOS_SCRIPT_H
#define WEFT_TESTS_SCENARIOS_SCRIPT_H

#include <glib/gstdio.h>
#include <unistd.h>

#include "scenarios/bind/scenario.h"
#include "tests/support/suite.h"

struct outcome {
    enum scenario_end end;
    char message[2048]; /* of the error; "" if there is none */
    unsigned expectations, failed;
    char *summary; /* what report_print says; the caller frees it */
};

/* Goes into a new folder, which script_leave removes. */
static inline char *script_enter(void)
{
    char *folder = g_dir_make_tmp("weft-script-XXXXXX", NULL);

    ck_assert(folder && g_chdir(folder) == 0);
    return folder;
}

static inline void script_leave(char *folder)
{
    ck_assert(g_chdir("/") == 0);
    char *command = g_strdup_printf("rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    g_free(command);
    g_free(folder);
}

static inline struct outcome script_run_options(const char *text, struct scenario_options options)
{
    struct report_options report_options = { .directory = "out/s",
                                             .scenario = "s",
                                             .script = "s.lua",
                                             .seed = options.seed,
                                             .scripts_only = true };
    struct outcome outcome = { 0 };
    GError *error = NULL;

    ck_assert(g_file_set_contents("s.lua", text, -1, NULL));
    options.path = "s.lua";
    struct report *report = report_new(&report_options, &error);
    ck_assert(report != NULL);
    outcome.end = scenario_run(&options, report, &error);
    ck_assert((outcome.end == SCENARIO_DONE) == (error == NULL));
    if (error)
        g_strlcpy(outcome.message, error->message, sizeof outcome.message);
    g_clear_error(&error);
    outcome.expectations = report_expectations(report, &outcome.failed);
    if (outcome.end == SCENARIO_DONE) {
        GString *summary = g_string_new(NULL);
        ck_assert(report_write(report, NULL));
        report_print(report, summary, 0);
        outcome.summary = g_string_free(summary, FALSE);
    }
    report_free(report);
    return outcome;
}

static inline struct outcome script_run(const char *text)
{
    return script_run_options(text, (struct scenario_options){ .seed = 1, .until = SIM_NEVER });
}

#endif
