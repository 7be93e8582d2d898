#include "tools/cli.h"

#include <string.h>

#include "sim/error.h"
#include "sim/word.h"

static int find_letter(const struct cli *cli, char letter)
{
    for (int i = 0; cli->options[i].name; i++)
        if (cli->options[i].letter == letter)
            return i;
    return CLI_ERROR;
}

static int find_name(const struct cli *cli, const char *name, size_t length)
{
    for (int i = 0; cli->options[i].name; i++)
        if (strlen(cli->options[i].name) == length &&
            strncmp(cli->options[i].name, name, length) == 0)
            return i;
    return CLI_ERROR;
}

static int refuse_name(const struct cli *cli, const char *name, size_t length, GError **error)
{
    const char *names[64];
    size_t n = 0;
    char *given = g_strndup(name, length);

    for (; cli->options[n].name && n < 63; n++)
        names[n] = cli->options[n].name;
    names[n] = NULL;
    const char *near = word_nearest(given, names);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown option --%s%s%s%s", given,
                near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
    g_free(given);
    return CLI_ERROR;
}

/* The value of an option that needs one: what follows its name, or the next argument. */
static int take_value(struct cli *cli, int option, const char *attached, const char **value,
                      GError **error)
{
    const struct cli_option *o = &cli->options[option];

    *value = attached ? attached : cli->args[cli->at];
    if (!attached && *value)
        cli->at++;
    if (*value)
        return option;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "--%s needs a value: --%s %s", o->name, o->name,
                o->value);
    return CLI_ERROR;
}

static int next_long(struct cli *cli, const char *arg, const char **value, GError **error)
{
    size_t length = strcspn(arg, "=");
    int option = find_name(cli, arg, length);
    const char *attached = arg[length] ? arg + length + 1 : NULL;

    if (option < 0)
        return refuse_name(cli, arg, length, error);
    if (cli->options[option].value)
        return take_value(cli, option, attached, value, error);
    if (attached) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "--%s takes no value",
                    cli->options[option].name);
        return CLI_ERROR;
    }
    return option;
}

static int next_letter(struct cli *cli, const char **value, GError **error)
{
    int option = find_letter(cli, *cli->cluster);
    const char *rest = cli->cluster + 1;

    if (option < 0) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown option -%c", *cli->cluster);
        return CLI_ERROR;
    }
    cli->cluster = *rest && !cli->options[option].value ? rest : NULL;
    if (!cli->options[option].value)
        return option;
    return take_value(cli, option, *rest ? rest : NULL, value, error);
}

int cli_next(struct cli *cli, const char **value, GError **error)
{
    *value = NULL;
    if (cli->cluster)
        return next_letter(cli, value, error);
    const char *arg = cli->args[cli->at];
    if (!arg)
        return CLI_END;
    cli->at++;
    if (cli->words_only || arg[0] != '-' || arg[1] == '\0') {
        *value = arg;
        return CLI_WORD;
    }
    if (strcmp(arg, "--") == 0) {
        cli->words_only = TRUE;
        return cli_next(cli, value, error);
    }
    if (arg[1] == '-')
        return next_long(cli, arg + 2, value, error);
    cli->cluster = arg + 1;
    return next_letter(cli, value, error);
}

void cli_help(const struct cli_option *options, GString *out)
{
    for (; options->name; options++) {
        char *letter =
            options->letter ? g_strdup_printf("-%c, ", options->letter) : g_strdup("    ");
        char *left = g_strdup_printf("%s--%s%s%s", letter, options->name, options->value ? " " : "",
                                     options->value ? options->value : "");
        g_string_append_printf(out, "  %-26s %s\n", left, options->doc);
        g_free(left);
        g_free(letter);
    }
}
