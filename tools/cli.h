/* Reading a command line: options in any order among words, as --seed 7, --seed=7, -j4, -j 4. */
#ifndef WEFT_TOOLS_CLI_H
#define WEFT_TOOLS_CLI_H

#include <glib.h>

struct cli_option {
    const char *name;  /* "seed", without dashes; NULL ends a table */
    char letter;       /* 'o' for -o; 0: none */
    const char *value; /* what its value is called in help, "N"; NULL: it takes none */
    const char *doc;
};

struct cli {
    const struct cli_option *options;
    char **args; /* NULL-terminated, the command's name taken off */
    int at;
    const char *cluster; /* what is left of -qv */
    gboolean words_only; /* behind -- */
};

enum {
    CLI_WORD = -1,  /* a word that is no option; it is in *value */
    CLI_END = -2,   /* nothing is left */
    CLI_ERROR = -3, /* a mistake; *error says which */
};

/* The index in the table of the next option, with its value if it takes one, or one of the above.
 */
int cli_next(struct cli *cli, const char **value, GError **error);

/* Appends the table as help. */
void cli_help(const struct cli_option *options, GString *out);

#endif
