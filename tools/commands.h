/* The commands of the program weft, and what they share. */
#ifndef WEFT_TOOLS_COMMANDS_H
#define WEFT_TOOLS_COMMANDS_H

#include <glib.h>

#include "sim/error.h"
#include "tools/cli.h"

enum exit_status {
    EXIT_FINE = 0,
    EXIT_EXPECTATION = 1, /* an expectation was not met */
    EXIT_MISTAKE = 2,     /* of the user */
    EXIT_BUG = 3,         /* of weft */
};

struct command {
    const char *name, *usage, *doc;
    /* The arguments behind the command's name. */
    enum exit_status (*run)(char **args);
    const struct cli_option *options; /* NULL: none */
};

extern const struct command command_run, command_test, command_list, command_help;

/* All, NULL-terminated. */
extern const struct command *const commands[];

/* Prints "weft: MESSAGE" to stderr, frees the error, and says EXIT_MISTAKE. */
enum exit_status complain(GError *error);

/* Prints the help of one command. */
void print_usage(const struct command *command);

#endif
