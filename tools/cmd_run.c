/* weft run FILE */
#include <stdio.h>
#include <string.h>

#include "sim/decimal.h"
#include "sim/unit.h"
#include "tools/plugin.h"
#include "tools/run.h"

enum { OUT, SEED, SET, UNTIL, MAX_CAPTURE, PLUGIN, PRINT, QUIET, HELP };

static const struct cli_option options[] = {
    [OUT] = { "out", 'o', "DIR", "results go into DIR/SCENARIO (default: out)" },
    [SEED] = { "seed", 0, "N", "seed of all randomness, a whole number (default: 1)" },
    [SET] = { "set", 0, "KEY=VALUE", "sets an argument of the scenario; may be repeated" },
    [UNTIL] = { "until", 0, "TIME", "no network runs longer than this" },
    [MAX_CAPTURE] = { "max-capture", 0, "SIZE", "all captures together write no more than this" },
    [PLUGIN] = { "plugin", 0, "FILE.so", "loads congestion controls; may be repeated" },
    [PRINT] = { "print", 0, NULL, "prints the packets at the capture points" },
    [QUIET] = { "quiet", 'q', NULL,
                "prints nothing but warnings, errors, failed expectations and what FILE prints" },
    [HELP] = { "help", 'h', NULL, "behind FILE: lists the arguments of the scenario" },
    { .name = NULL },
};

struct request {
    struct run_options run;
    GPtrArray *sets, *ccs;
    gboolean help;
};

static gboolean read_seed(const char *text, uint64_t *seed, GError **error)
{
    struct decimal d;
    const char *rest = decimal_parse(text, &d);

    if (rest && !*rest && decimal_is_whole(d) && !d.negative && decimal_scale(d, 1, seed))
        return TRUE;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE,
                "--seed \"%s\": must be a whole number, not negative", text);
    return FALSE;
}

static gboolean add_set(struct request *r, const char *text, GError **error)
{
    const char *equals = strchr(text, '=');

    if (!equals || equals == text) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "--set \"%s\": write --set name=value",
                    text);
        return FALSE;
    }
    g_ptr_array_add(r->sets, (char *)text);
    return TRUE;
}

static gboolean add_file(struct request *r, const char *path, GError **error)
{
    if (r->run.path) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE,
                    "one scenario at a time: %s and %s; weft test runs several", r->run.path, path);
        return FALSE;
    }
    r->run.path = path;
    return TRUE;
}

/* 0 stands for no limit inside. */
static gboolean read_max_capture(const char *text, uint64_t *size, GError **error)
{
    if (!unit_read_size("--max-capture", text, size, error))
        return FALSE;
    if (*size > 0)
        return TRUE;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "--max-capture \"%s\": must be above 0", text);
    return FALSE;
}

static gboolean take(struct request *r, int option, const char *value, GError **error)
{
    switch (option) {
    case CLI_WORD:
        return add_file(r, value, error);
    case OUT:
        r->run.directory = value;
        return TRUE;
    case SEED:
        r->run.seed_given = true;
        return read_seed(value, &r->run.seed, error);
    case SET:
        return add_set(r, value, error);
    case UNTIL:
        return unit_read_time("--until", value, &r->run.until, error);
    case MAX_CAPTURE:
        return read_max_capture(value, &r->run.max_capture, error);
    case PLUGIN:
        return plugin_load(value, r->ccs, error);
    case PRINT:
        r->run.print = true;
        return TRUE;
    case QUIET:
        r->run.quiet = true;
        return TRUE;
    default:
        r->help = TRUE;
        return TRUE;
    }
}

static gboolean read_args(struct request *r, char **args, GError **error)
{
    struct cli cli = { .options = options, .args = args };
    const char *value;
    int option;

    while ((option = cli_next(&cli, &value, error)) != CLI_END)
        if (option == CLI_ERROR || !take(r, option, value, error))
            return FALSE;
    if (!r->run.path && !r->help) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "say which scenario: weft run FILE.lua");
        return FALSE;
    }
    if (r->run.until < 0) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "--until: must not be negative");
        return FALSE;
    }
    return TRUE;
}

static enum exit_status run(char **args)
{
    struct request r = {
        .run = { .directory = "out", .seed = RUN_SEED, .until = SIM_NEVER },
        .sets = g_ptr_array_new(),
        .ccs = g_ptr_array_new(),
    };
    GError *error = NULL;
    enum exit_status status = EXIT_FINE;
    unsigned expectations;

    if (!read_args(&r, args, &error)) {
        status = complain(error);
    } else if (!r.run.path) {
        print_usage(&command_run);
    } else {
        g_ptr_array_add(r.sets, NULL);
        r.run.sets = (char **)r.sets->pdata;
        g_ptr_array_add(r.ccs, NULL);
        r.run.ccs = (const struct cc_ops *const *)r.ccs->pdata;
        r.run.list_args = r.help;
        status = run_scenario(&r.run, &expectations);
    }
    g_ptr_array_free(r.sets, TRUE);
    g_ptr_array_free(r.ccs, TRUE);
    return status;
}

const struct command command_run = {
    .name = "run",
    .usage = "run FILE.lua [options]",
    .doc = "Runs a scenario, prints its results and leaves them in out/SCENARIO.",
    .run = run,
    .options = options,
};
