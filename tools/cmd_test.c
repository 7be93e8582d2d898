/* weft test PATH...: runs every scenario below the paths, each in a process of its own, and prints
 * the verdicts in the order of the list, whichever ends first. */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/unit.h"
#include "tools/plugin.h"
#include "tools/run.h"
#include "tools/verdict.h"

enum { OUT, JOBS, FILTER, TIMEOUT, SEED, PLUGIN, JUNIT, LIST, HELP };

static const struct cli_option options[] = {
    [OUT] = { "out", 'o', "DIR", "keeps the results, in DIR/SCENARIO" },
    [JOBS] = { "jobs", 'j', "N", "runs up to N scenarios at a time (default: 1)" },
    [FILTER] = { "filter", 0, "WORD",
                 "only those whose name contains WORD or that have it as tag" },
    [TIMEOUT] = { "timeout", 0, "TIME", "by the wall clock, for each scenario (default: 60s)" },
    [SEED] = { "seed", 0, "N", "seed of all randomness (default: 1)" },
    [PLUGIN] = { "plugin", 0, "FILE.so", "loads congestion controls; may be repeated" },
    [JUNIT] = { "junit", 0, "FILE", "writes the verdicts as JUnit XML as well" },
    [LIST] = { "list", 0, NULL, "only lists the scenarios and their tags" },
    [HELP] = { "help", 'h', NULL, "this" },
    { .name = NULL },
};

struct job {
    struct test *test; /* NULL: idle */
    pid_t pid;
    FILE *output;
    bool killed;
};

struct session {
    GPtrArray *paths, *filters, *tests, *ccs;
    const char *out, *junit;
    char *scratch; /* the folder of results that nobody keeps */
    uint64_t jobs, seed;
    bool seed_given, list, help;
    sim_time timeout;
    struct job *job;
};

/* ---- One scenario -------------------------------------------------------------------------- */

static void child(const struct session *s, const struct test *test, FILE *output)
{
    struct run_options run = {
        .path = test->path,
        .directory = s->out ? s->out : s->scratch,
        .seed = s->seed,
        .seed_given = s->seed_given,
        .ccs = (const struct cc_ops *const *)s->ccs->pdata,
        .until = SIM_NEVER,
        .quiet = true,
        .scripts_only = s->out == NULL,
    };
    unsigned expectations = 0;

    dup2(fileno(output), STDOUT_FILENO);
    dup2(fileno(output), STDERR_FILENO);
    int status = run_scenario(&run, &expectations);
    fflush(stdout);
    _exit(status == EXIT_FINE && expectations == 0 ? TEST_EMPTY : status);
}

static bool job_start(struct session *s, struct job *job, struct test *test)
{
    test->started = g_get_monotonic_time();
    *job = (struct job){ .test = test, .output = tmpfile() };
    fflush(NULL);
    job->pid = job->output ? fork() : -1;
    if (job->pid == 0)
        child(s, test, job->output);
    return job->pid > 0;
}

static char *read_output(FILE *output)
{
    GString *text = g_string_new(NULL);
    char buffer[4096];
    size_t n;

    rewind(output);
    while ((n = fread(buffer, 1, sizeof buffer, output)) > 0)
        g_string_append_len(text, buffer, (gssize)n);
    fclose(output);
    return g_string_free(text, FALSE);
}

static void job_end(struct job *job, int status)
{
    struct test *test = job->test;

    test->ended = g_get_monotonic_time();
    test->output = read_output(job->output);
    if (job->killed)
        test->status = TEST_TIMEOUT;
    else
        test->status = WIFEXITED(status) ? WEXITSTATUS(status) : TEST_CRASHED;
    job->test = NULL;
}

static void check_timeout(const struct session *s, struct job *job)
{
    sim_time limit = job->test->timeout ? job->test->timeout : s->timeout;

    if (g_get_monotonic_time() - job->test->started > limit / SIM_US && !job->killed) {
        job->killed = true;
        kill(job->pid, SIGKILL);
    }
}

/* ---- All of them --------------------------------------------------------------------------- */

/* Collects those that have ended; says how many still run. */
static unsigned collect(const struct session *s)
{
    unsigned running = 0;

    for (uint64_t i = 0; i < s->jobs; i++) {
        struct job *job = &s->job[i];
        int status;
        if (!job->test)
            continue;
        if (waitpid(job->pid, &status, WNOHANG) == job->pid) {
            job_end(job, status);
            continue;
        }
        check_timeout(s, job);
        running++;
    }
    return running;
}

static struct job *idle_job(const struct session *s)
{
    for (uint64_t i = 0; i < s->jobs; i++)
        if (!s->job[i].test)
            return &s->job[i];
    return NULL;
}

static bool start_next(struct session *s, guint *next)
{
    struct job *job;

    while (*next < s->tests->len && (job = idle_job(s))) {
        struct test *test = s->tests->pdata[(*next)++];
        if (test->missing) {
            test->status = TEST_SKIPPED;
            test->output = g_strdup("");
        } else if (!job_start(s, job, test)) {
            return false;
        }
    }
    return true;
}

/* Prints what is decided, up to the first test that is not. */
static guint print_decided(const struct session *s, guint printed)
{
    while (printed < s->tests->len && ((struct test *)s->tests->pdata[printed])->output) {
        verdict_tap(s->tests->pdata[printed], printed + 1, stdout);
        printed++;
    }
    return printed;
}

static bool run_all(struct session *s)
{
    guint next = 0, printed = 0;
    useconds_t pause = 1000;

    printf("TAP version 13\n1..%u\n", s->tests->len);
    while (printed < s->tests->len) {
        if (!start_next(s, &next))
            return false;
        unsigned before = printed;
        collect(s);
        printed = print_decided(s, printed);
        pause = printed > before ? 1000 : MIN(pause * 2, 50000);
        if (printed < s->tests->len)
            usleep(pause);
    }
    return true;
}

static int delete_tree(const char *path)
{
    GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        char *entry = g_build_filename(path, name, NULL);
        delete_tree(entry);
        g_free(entry);
    }
    if (dir)
        g_dir_close(dir);
    return g_remove(path);
}

static void print_summary(const struct session *s)
{
    unsigned failed = 0, skipped = 0;

    for (guint i = 0; i < s->tests->len; i++) {
        const struct test *test = s->tests->pdata[i];
        failed += test_failed(test);
        skipped += test->status == TEST_SKIPPED || test->status == TEST_EMPTY;
    }
    printf("# %u passed, %u failed, %u skipped\n", s->tests->len - failed - skipped, failed,
           skipped);
}

static enum exit_status run_session(struct session *s)
{
    GError *error = NULL;
    bool failed = false;

    if (!s->out && !(s->scratch = g_dir_make_tmp("weft-test-XXXXXX", &error)))
        return complain(error);
    s->job = g_new0(struct job, s->jobs);
    if (!run_all(s))
        error = g_error_new(WEFT_ERROR, WEFT_ERROR_RANGE, "cannot start a process: %s",
                            g_strerror(errno));
    g_free(s->job);
    if (s->scratch)
        delete_tree(s->scratch);
    if (error)
        return complain(error);
    print_summary(s);
    for (guint i = 0; i < s->tests->len; i++)
        failed = failed || test_failed(s->tests->pdata[i]);
    if (s->junit && !verdict_junit(s->tests, s->junit, &error))
        return complain(error);
    return failed ? EXIT_EXPECTATION : EXIT_FINE;
}

static void list_tests(const GPtrArray *tests)
{
    for (guint i = 0; i < tests->len; i++) {
        const struct test *test = tests->pdata[i];
        char *tags = test->tags ? g_strjoinv(" ", test->tags) : g_strdup("");
        printf("%-50s %s%s%s\n", test->name, tags, test->missing ? " needs " : "",
               test->missing ? test->missing : "");
        g_free(tags);
    }
}

/* ---- The command --------------------------------------------------------------------------- */

static gboolean read_number(const char *name, const char *text, uint64_t least, uint64_t most,
                            uint64_t *out, GError **error)
{
    char *end;
    uint64_t value = g_ascii_strtoull(text, &end, 10);

    if (end == text || *end || value < least || value > most || *text == '-') {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE,
                    "--%s \"%s\": must be a whole number from %" G_GUINT64_FORMAT
                    " to %" G_GUINT64_FORMAT,
                    name, text, least, most);
        return FALSE;
    }
    *out = value;
    return TRUE;
}

static gboolean read_timeout(const char *text, sim_time *out, GError **error)
{
    if (!unit_read_time("--timeout", text, out, error))
        return FALSE;
    if (*out > 0)
        return TRUE;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "--timeout \"%s\": must be above 0", text);
    return FALSE;
}

static gboolean take(struct session *s, int option, const char *value, GError **error)
{
    switch (option) {
    case CLI_WORD:
        g_ptr_array_add(s->paths, (char *)value);
        return TRUE;
    case OUT:
        s->out = value;
        return TRUE;
    case JOBS:
        return read_number("jobs", value, 1, 1024, &s->jobs, error);
    case FILTER:
        g_ptr_array_add(s->filters, (char *)value);
        return TRUE;
    case TIMEOUT:
        return read_timeout(value, &s->timeout, error);
    case SEED:
        s->seed_given = true;
        return read_number("seed", value, 0, UINT64_MAX, &s->seed, error);
    case PLUGIN:
        return plugin_load(value, s->ccs, error);
    case JUNIT:
        s->junit = value;
        return TRUE;
    case LIST:
        s->list = true;
        return TRUE;
    default:
        s->help = true;
        return TRUE;
    }
}

static gboolean read_args(struct session *s, char **args, GError **error)
{
    struct cli cli = { .options = options, .args = args };
    const char *value;
    int option;

    while ((option = cli_next(&cli, &value, error)) != CLI_END)
        if (option == CLI_ERROR || !take(s, option, value, error))
            return FALSE;
    if (s->paths->len == 0 && !s->help) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE,
                    "say which scenarios: weft test PATH..., files or folders");
        return FALSE;
    }
    g_ptr_array_add(s->paths, NULL);
    g_ptr_array_add(s->ccs, NULL);
    return TRUE;
}

/* A file that cannot be written is told before anything runs. */
static bool check_junit(const struct session *s, GError **error)
{
    FILE *file = s->junit && !s->list ? fopen(s->junit, "ab") : NULL;

    if (file)
        fclose(file);
    else if (s->junit && !s->list)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "cannot write the file \"%s\": %s",
                    s->junit, g_strerror(errno));
    return file || !s->junit || s->list;
}

/* Results that are kept need a place each. */
static bool check_places(const struct session *s, GError **error)
{
    GHashTable *places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool ok = true;

    for (guint i = 0; ok && s->out && !s->list && i < s->tests->len; i++) {
        const struct test *test = s->tests->pdata[i];
        char *name = g_path_get_basename(test->name);
        const char *other = g_hash_table_lookup(places, name);
        ok = !other || strcmp(other, test->path) == 0;
        if (!ok)
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME,
                        "%s and %s would both leave their results in %s/%s; test one at a time",
                        other, test->path, s->out, name);
        g_hash_table_insert(places, name, test->path);
    }
    g_hash_table_destroy(places);
    return ok;
}

static bool check_session(const struct session *s, GError **error)
{
    if (s->tests->len > 0)
        return check_places(s, error) && check_junit(s, error);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME, "there is no scenario%s",
                s->filters->len
                    ? " that matches --filter; weft test PATH --list shows their names and tags"
                    : " there: no file that ends in .lua");
    return false;
}

static enum exit_status run_or_list(struct session *s)
{
    GError *error = NULL;
    enum exit_status status = EXIT_FINE;

    s->tests = suite_find((char **)s->paths->pdata, s->filters, &error);
    if (!s->tests)
        return complain(error);
    if (!check_session(s, &error))
        status = complain(error);
    else if (s->list)
        list_tests(s->tests);
    else
        status = run_session(s);
    g_ptr_array_free(s->tests, TRUE);
    return status;
}

static enum exit_status run(char **args)
{
    struct session s = {
        .paths = g_ptr_array_new(),
        .filters = g_ptr_array_new(),
        .ccs = g_ptr_array_new(),
        .jobs = 1,
        .seed = RUN_SEED,
        .timeout = 60 * SIM_S,
    };
    GError *error = NULL;
    enum exit_status status = EXIT_FINE;

    if (!read_args(&s, args, &error))
        status = complain(error);
    else if (s.help)
        print_usage(&command_test);
    else
        status = run_or_list(&s);
    g_ptr_array_free(s.paths, TRUE);
    g_ptr_array_free(s.filters, TRUE);
    g_ptr_array_free(s.ccs, TRUE);
    g_free(s.scratch);
    return status;
}

const struct command command_test = {
    .name = "test",
    .usage = "test PATH... [options]",
    .doc = "Runs every scenario below the paths and prints the verdicts (TAP).",
    .run = run,
    .options = options,
};
