/* weft list KIND: everything that a scenario can name, from the tables that the language itself is
 * made of. */
#include <stdio.h>
#include <string.h>

#include "sim/word.h"
#include "tools/catalog.h"
#include "tools/commands.h"

enum { MARKDOWN, HELP };

static const struct cli_option options[] = {
    [MARKDOWN] = { "markdown", 0, NULL, "as tables in Markdown" },
    [HELP] = { "help", 'h', NULL, "this" },
    { .name = NULL },
};

static enum exit_status refuse_kind(const char *kind)
{
    GPtrArray *names = g_ptr_array_new();

    for (const struct catalog *c = catalogs; c->name; c++)
        g_ptr_array_add(names, (char *)c->name);
    g_ptr_array_add(names, NULL);
    char *all = g_strjoinv(", ", (char **)names->pdata);
    const char *near = kind ? word_nearest(kind, (const char *const *)names->pdata) : NULL;
    GError *error = g_error_new(WEFT_ERROR, WEFT_ERROR_UNKNOWN, "list %s: %s%s%s; there are %s",
                                kind ? kind : "", kind ? "there is no such list" : "of what",
                                near ? ", perhaps " : "", near ? near : "", all);
    g_free(all);
    g_ptr_array_free(names, TRUE);
    return complain(error);
}

static enum exit_status list(const char *kind, gboolean markdown)
{
    for (const struct catalog *c = catalogs; c->name; c++)
        if (strcmp(c->name, kind) == 0) {
            struct sheet *sheet = sheet_new();
            GString *text = g_string_new(NULL);
            c->fill(sheet);
            (markdown ? sheet_markdown : sheet_text)(sheet, text);
            fputs(text->str, stdout);
            g_string_free(text, TRUE);
            sheet_free(sheet);
            return EXIT_FINE;
        }
    return refuse_kind(kind);
}

static enum exit_status run(char **args)
{
    struct cli cli = { .options = options, .args = args };
    const char *value, *kind = NULL;
    gboolean markdown = FALSE;
    GError *error = NULL;
    int option;

    while ((option = cli_next(&cli, &value, &error)) != CLI_END) {
        if (option == CLI_ERROR)
            return complain(error);
        if (option == HELP) {
            print_usage(&command_list);
            return EXIT_FINE;
        }
        if (option == MARKDOWN)
            markdown = TRUE;
        else if (kind)
            return complain(g_error_new(WEFT_ERROR, WEFT_ERROR_TYPE,
                                        "list: one list at a time: %s and %s", kind, value));
        else
            kind = value;
    }
    return kind ? list(kind, markdown) : refuse_kind(NULL);
}

const struct command command_list = {
    .name = "list",
    .usage = "list cc|qdisc|app|param|sysctl|sockopt|metric|word|packet|missing [--markdown]",
    .doc = "Lists what a scenario can name, with options, units, defaults and ranges.",
    .run = run,
    .options = options,
};
