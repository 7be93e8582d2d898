/* What concerns a whole table of parameters. */
#include <string.h>

#include "sim/param.h"

void param_defaults(const struct param *table, void *base)
{
    for (const struct param *p = table; p->name; p++) {
        GError *error = NULL;
        if (p->def && !param_set_text(p, base, p->def, &error))
            g_error("default of %s", error->message);
    }
}

void param_release(const struct param *table, void *base)
{
    for (const struct param *p = table; p->name; p++)
        if (param_is_dist(p))
            dist_fini((struct dist *)(void *)((char *)base + p->offset));
        else if (p->type == PARAM_STRING)
            g_clear_pointer((char **)((char *)base + p->offset), g_free);
}

static const char **table_words(const struct param *table)
{
    GPtrArray *words = g_ptr_array_new();

    for (const struct param *p = table; p->name; p++)
        g_ptr_array_add(words, (char *)p->name);
    g_ptr_array_add(words, NULL);
    return (const char **)g_ptr_array_free(words, FALSE);
}

const struct param *param_find(const struct param *table, const char *name, GError **error)
{
    for (const struct param *p = table; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    const char **words = table_words(table);
    const char *near = word_nearest(name, words);
    if (near) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                    "unknown option `%s`; did you mean `%s`?", name, near);
    } else {
        char *all = g_strjoinv(", ", (char **)words);
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown option `%s`; %s%s", name,
                    words[0] ? "there are: " : "there are none here", all);
        g_free(all);
    }
    g_free(words);
    return NULL;
}

static bool fault(const struct param *param, const char *message, GError **error)
{
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "parameter `%s`: %s", param->name, message);
    return false;
}

/* Lower case; after a dot the words of others, as in sockopt.TCP_NODELAY. */
static bool is_proper(const char *name)
{
    bool foreign = false;

    for (; *name; name++) {
        if (!g_ascii_islower(*name) && !g_ascii_isdigit(*name) && *name != '_' && *name != '.' &&
            !(foreign && g_ascii_isupper(*name)))
            return false;
        foreign = foreign || *name == '.';
    }
    return true;
}

static bool check_default(const struct param *param, GError **error)
{
    struct param row = *param;
    union {
        int64_t integer;
        double real;
        char *text;
        struct dist dist;
    } value = { 0 };
    bool ok;

    row.offset = 0;
    ok = param_set_text(&row, &value, row.def, error);
    if (row.type == PARAM_STRING)
        g_free(value.text);
    if (param_is_dist(&row))
        dist_fini(&value.dist);
    return ok;
}

bool param_check(const struct param *table, GError **error)
{
    for (const struct param *p = table; p->name; p++) {
        if (!p->name[0] || !is_proper(p->name))
            return fault(p, "its name must be lower-case letters, digits and _", error);
        for (const struct param *q = table; q != p; q++)
            if (strcmp(p->name, q->name) == 0)
                return fault(p, "two rows have this name", error);
        if (!p->doc || !p->doc[0])
            return fault(p, "it has no doc line", error);
        if ((p->type == PARAM_ENUM) != (p->words && p->words[0]))
            return fault(p, "words belong to enums, and to each of them", error);
        if (p->max != 0 && p->max < p->min)
            return fault(p, "its maximum is below its minimum", error);
        if (p->def && !check_default(p, error))
            return false;
    }
    return true;
}
