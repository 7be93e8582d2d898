/* weft help [TOPIC]: the commands, or whatever of the language has the topic's name. */
#include <stdio.h>
#include <string.h>

#include "models/app/app.h"
#include "scenarios/bind/catalog.h"
#include "tools/commands.h"

static void print_overview(void)
{
    printf("weft simulates packet networks: scenarios in Lua, captures, plots.\n\n");
    for (const struct command *const *c = commands; *c; c++)
        printf("  weft %-28s %s\n", (*c)->usage, (*c)->doc);
    printf("  weft %-28s %s\n", "--version", "Prints the version.");
    printf("\nThe language is described in doc/scenario-api.md; `weft help WORD` looks a word up,\n"
           "`weft list` has all of them.\n");
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

static gboolean help_methods(const struct bind_method *table, const char *topic)
{
    gboolean found = FALSE;

    for (; table && table->name; table++) {
        size_t length = strcspn(table->usage, "({ ");
        gboolean whole = strlen(topic) == length && strncmp(table->usage, topic, length) == 0;
        if (!whole && strcmp(table->name, topic) != 0)
            continue;
        printf("%s\n    %s\n", table->usage, table->doc);
        found = TRUE;
    }
    return found;
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

static gboolean help_word(const char *topic)
{
    gboolean found = FALSE;

    for (const struct bind_words *words = bind_word_tables; words->name; words++)
        for (const struct bind_method *const *part = words->parts; *part; part++)
            if (help_methods(*part, topic))
                found = TRUE;
    for (const struct bind_class *const *class = bind_classes; *class; class ++)
        if (help_methods((*class)->methods, topic))
            found = TRUE;
    return found;
}

static gboolean help_app(const char *topic)
{
    const struct app_ops *ops = app_find(topic);

    if (!ops)
        return FALSE;
    printf("%s:%s: %s\n", ops->on_node ? "host" : "net", ops->name, ops->doc);
    for (const struct param *p = ops->params; p && p->name; p++)
        printf("  %-24s %s%s%s%s\n", p->name, p->doc, p->def ? " (" : "", p->def ? p->def : "",
               p->def ? ")" : "");
    return TRUE;
}

static enum exit_status run(char **args)
{
    if (!args[0]) {
        print_overview();
        return EXIT_FINE;
    }
    if (help_command(args[0]) || help_class(args[0]) || help_app(args[0]) || help_word(args[0]))
        return EXIT_FINE;
    return complain(g_error_new(WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                                "help %s: no such command or word; weft help lists the commands, "
                                "weft list word the language",
                                args[0]));
}

const struct command command_help = {
    .name = "help",
    .usage = "help [TOPIC]",
    .doc = "Explains a command or a word of the language.",
    .run = run,
};
