#include "scenarios/results/gnuplot.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>

enum { AT_ONCE = 2, LOG_MAX = 400 };

struct job {
    const char *script;
    GPid pid;
    FILE *log; /* what gnuplot said */
};

struct runner {
    const char *directory;
    char *program;
    void (*warn)(void *data, const char *message);
    void *data;
};

static void complain(const struct runner *runner, const char *script, const char *why)
{
    char *message = g_strdup_printf("gnuplot did not render %s: %s", script, why);

    runner->warn(runner->data, message);
    g_free(message);
}

/* The first lines of the log on one line. */
static char *read_log(FILE *log)
{
    char text[LOG_MAX + 1];

    rewind(log);
    size_t n = fread(text, 1, LOG_MAX, log);
    text[n] = '\0';
    char *valid = g_utf8_make_valid(text, -1);
    g_strdelimit(valid, "\n\t", ' ');
    g_strstrip(valid);
    return valid;
}

static bool start(const struct runner *runner, struct job *job, const char *script)
{
    char *path = g_build_filename(runner->directory, script, NULL);
    char *where = g_path_get_dirname(path), *name = g_path_get_basename(path);
    char *argv[] = { runner->program, (char *)"-d", name, NULL };
    GError *error = NULL;

    job->script = script;
    job->log = tmpfile();
    bool ok =
        job->log && g_spawn_async_with_fds(where, argv, NULL,
                                           G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL,
                                           NULL, NULL, &job->pid, -1, -1, fileno(job->log), &error);
    if (!ok)
        complain(runner, script, error ? error->message : g_strerror(errno));
    if (!ok && job->log)
        fclose(job->log);
    g_clear_error(&error);
    g_free(path);
    g_free(where);
    g_free(name);
    return ok;
}

static void finish(const struct runner *runner, struct job *job)
{
    int status = 0;

    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (status != 0) {
        char *log = read_log(job->log);
        complain(runner, job->script, *log ? log : "it failed without a message");
        g_free(log);
    }
    g_spawn_close_pid(job->pid);
    fclose(job->log);
}

void gnuplot_run(const char *directory, const char *const *scripts,
                 void (*warn)(void *data, const char *message), void *data)
{
    struct runner runner = { directory, g_find_program_in_path("gnuplot"), warn, data };
    struct job jobs[AT_ONCE];
    unsigned first = 0, running = 0;

    if (!runner.program) {
        if (scripts[0])
            warn(data, "gnuplot was not found: the plots are scripts (.gp) only; install Debian's "
                       "package gnuplot-nox");
        return;
    }
    for (; *scripts; scripts++) {
        if (running == AT_ONCE) {
            finish(&runner, &jobs[first]);
            first = (first + 1) % AT_ONCE;
            running--;
        }
        if (start(&runner, &jobs[(first + running) % AT_ONCE], *scripts))
            running++;
    }
    for (; running > 0; running--, first = (first + 1) % AT_ONCE)
        finish(&runner, &jobs[first]);
    g_free(runner.program);
}
