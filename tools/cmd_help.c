/* weft help [TOPIC]: the commands, or whatever of the language has the topic's name: words,
 * options, figures, fields, congestion controls, queueing disciplines, sysctls, options of sockets.
 */
#include <stdio.h>
#include <string.h>

#include "scenarios/bind/catalog.h"
#include "sim/word.h"
#include "tools/catalog.h"
#include "tools/commands.h"

static void print_overview(void)
{
    printf("weft simulates packet networks: scenarios in Lua, captures, plots.\n\n");
    for (const struct command *const *c = commands; *c; c++)
        printf("  weft %-28s %s\n", (*c)->usage, (*c)->doc);
    printf("  weft %-28s %s\n", "--version", "Prints the version.");
    printf("\nThe language is described in doc/scenario-api.md, installed below share/doc/weft;\n"
           "`weft help WORD` looks a word up, `weft list` has all of them.\n");
}

/* ---- Topics -------------------------------------------------------------------------------- */

static gboolean help_command(const char *topic)
{
    for (const struct command *const *c = commands; *c; c++)
        if (strcmp((*c)->name, topic) == 0) {
            print_usage(*c);
            return TRUE;
        }
    return FALSE;
}

static void print_class(const struct bind_class *class)
{
    printf("%s: %s\n\n", class->name, class->doc ? class->doc : "");
    for (const struct bind_class *c = class; c; c = c->base) {
        for (const struct bind_method *m = c->methods; m && m->name; m++)
            printf("  %-56s %s\n", m->usage, m->doc);
        for (const struct bind_property *p = c->properties; p && p->name; p++)
            printf("  .%-55s %s\n", p->name, p->doc);
    }
}

static gboolean help_class(const char *topic)
{
    for (const struct bind_class *const *class = bind_classes; *class; class ++)
        if ((*class)->doc && strcmp((*class)->name, topic) == 0) {
            print_class(*class);
            return TRUE;
        }
    return FALSE;
}

/* How much of a cell is a name: "net:link" of "net:link(a, b [, {...}])". */
static size_t name_length(const char *cell)
{
    return strcspn(cell, "({[ ");
}

static gboolean ends_with(const char *cell, size_t length, const char *topic)
{
    size_t own = strlen(topic);

    return own <= length && strncmp(cell + length - own, topic, own) == 0;
}

/* "recv" is s:recv, "tcp_sack" is net.ipv4.tcp_sack, and "select" weft.select. */
static gboolean is_about(const char *cell, const void *data)
{
    const char *topic = data;
    size_t length = name_length(cell), own = strlen(topic);

    if (!ends_with(cell, length, topic))
        return FALSE;
    return own == length || strchr(":.", cell[length - own - 1]) != NULL;
}

/* All that has the name in any list of the language; not among words what a class has told. */
static gboolean help_lists(const char *topic, gboolean told)
{
    struct sheet *sheet = sheet_new();
    GString *text = g_string_new(NULL);

    for (const struct catalog *c = catalogs; c->name; c++)
        if (!told || strcmp(c->name, "word") != 0)
            c->fill(sheet);
    sheet_keep(sheet, is_about, topic);
    sheet_text(sheet, text);
    gboolean found = text->len > 0;
    printf("%s%s", told && found ? "\n" : "", text->str);
    g_string_free(text, TRUE);
    sheet_free(sheet);
    return found;
}

/* ---- The command --------------------------------------------------------------------------- */

/* The words without what is in brackets behind them, NULL-terminated. */
static GPtrArray *all_names(const struct sheet *sheet)
{
    GPtrArray *cells = sheet_names(sheet), *names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < cells->len; i++)
        g_ptr_array_add(names, g_strndup(cells->pdata[i], name_length(cells->pdata[i])));
    g_ptr_array_add(names, NULL);
    g_ptr_array_free(cells, TRUE);
    return names;
}

static enum exit_status refuse_topic(const char *topic)
{
    struct sheet *sheet = sheet_new();

    for (const struct catalog *c = catalogs; c->name; c++)
        c->fill(sheet);
    GPtrArray *names = all_names(sheet);
    const char *near = word_nearest(topic, (const char *const *)names->pdata);
    GError *error =
        g_error_new(WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                    "help %s: no such command or word%s%s%s; weft help lists the commands, "
                    "weft list word the language",
                    topic, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    g_ptr_array_free(names, TRUE);
    sheet_free(sheet);
    return complain(error);
}

static enum exit_status run(char **args)
{
    const char *topic = args[0];

    if (!topic) {
        print_overview();
        return EXIT_FINE;
    }
    if (strcmp(topic, "--help") == 0 || strcmp(topic, "-h") == 0)
        topic = "help";
    if (help_command(topic))
        return EXIT_FINE;
    gboolean told = help_class(topic);
    return help_lists(topic, told) || told ? EXIT_FINE : refuse_topic(topic);
}

const struct command command_help = {
    .name = "help",
    .usage = "help [TOPIC]",
    .doc = "Explains a command, or a word, option, figure or sysctl of the language.",
    .run = run,
};
