/* The program weft: runs scenarios, tests them, and lists what they can name.  Each command is a
 * file of its own, cmd_NAME.c. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "sim/version.h"
#include "sim/word.h"
#include "tools/commands.h"

const struct command *const commands[] = {
    &command_run, &command_test, &command_list, &command_help, NULL,
};

enum exit_status complain(GError *error)
{
    fflush(stdout);
    fprintf(stderr, "weft: %s\n", error->message);
    g_error_free(error);
    return EXIT_MISTAKE;
}

void print_usage(const struct command *command)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "usage: weft %s\n\n%s\n", command->usage, command->doc);
    if (command->options) {
        g_string_append_c(text, '\n');
        cli_help(command->options, text);
    }
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
}

static enum exit_status unknown_command(const char *name)
{
    const char *names[G_N_ELEMENTS(commands)];
    size_t n = 0;

    for (; commands[n]; n++)
        names[n] = commands[n]->name;
    names[n] = NULL;
    const char *near = word_nearest(name, names);
    char *all = g_strjoinv(", ", (char **)names);
    fprintf(stderr, "weft: unknown command %s%s%s%s; there are %s\n", name,
            near ? "; did you mean " : "", near ? near : "", near ? "?" : "", all);
    if (g_str_has_suffix(name, ".lua"))
        fprintf(stderr, "weft: to run a scenario: weft run %s\n", name);
    g_free(all);
    return EXIT_MISTAKE;
}

static enum exit_status run_command(char **args)
{
    const char *name = *args;

    if (!name) {
        command_help.run(args);
        return EXIT_MISTAKE;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("weft %s\n", weft_version);
        return EXIT_FINE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return command_help.run(args + 1);
    for (const struct command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return (*c)->run(args + 1);
    return unknown_command(name);
}

/* A file that may not grow is an error of writing like a full disk, not the end of the program; and
 * what standard output did not take is told. */
int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);
    enum exit_status status = run_command(argv + (argc > 0));
    if (fflush(stdout) == 0 && !ferror(stdout))
        return (int)status;
    fprintf(stderr, "weft: cannot write to standard output: %s\n", g_strerror(errno));
    return status == EXIT_FINE ? EXIT_MISTAKE : (int)status;
}
