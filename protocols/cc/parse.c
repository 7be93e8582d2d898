#include <string.h>

#include "protocols/cc/cc.h"

static const char **all_names(const struct cc_ops *const *more)
{
    GPtrArray *names = g_ptr_array_new();

    for (const struct cc_ops *const *const *module = cc_registry; *module; module++)
        for (const struct cc_ops *const *ops = *module; *ops; ops++)
            g_ptr_array_add(names, (char *)(*ops)->name);
    for (; more && *more; more++)
        g_ptr_array_add(names, (char *)(*more)->name);
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_free(names, FALSE);
}

static void refuse_name(const struct cc_ops *const *more, const char *name, GError **error)
{
    const char **names = all_names(more);
    const char *near = word_nearest(name, names);
    char *all = g_strjoinv(", ", (char **)names);

    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                near ? "unknown congestion control \"%s\"; did you mean \"%s\"?"
                     : "unknown congestion control \"%s\"; there are %s",
                name, near ? near : all);
    g_free(all);
    g_free(names);
}

/* Sets the tunables that `words`, names and values in turn, give. */
static bool set_words(const struct cc_ops *ops, void *params, char **words, GError **error)
{
    for (; *words; words += 2) {
        const struct param *param = param_find(ops->params, words[0], error);
        if (param && !words[1])
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "\"%s\" has no value", words[0]);
        if (!param || !words[1] || !param_set_text(param, params, words[1], error)) {
            g_prefix_error(error, "cc %s: ", ops->name);
            return false;
        }
    }
    return true;
}

static void *new_params(const struct cc_ops *ops)
{
    void *params = g_malloc0(ops->params_size);

    param_defaults(ops->params, params);
    return params;
}

static bool parse_words(const struct cc_ops *const *more, char **words, const struct cc_ops **ops,
                        void **params, GError **error)
{
    *params = NULL;
    *ops = words[0] ? cc_find_among(more, words[0]) : NULL;
    if (!*ops) {
        refuse_name(more, words[0] ? words[0] : "", error);
        return false;
    }
    if (!words[1])
        return true;
    if (!(*ops)->params) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "cc %s: it has no parameters",
                    (*ops)->name);
        return false;
    }
    *params = new_params(*ops);
    if (set_words(*ops, *params, words + 1, error))
        return true;
    cc_params_free(*ops, *params);
    *params = NULL;
    return false;
}

bool cc_parse(const struct cc_ops *const *more, const char *text, const struct cc_ops **ops,
              void **params, GError **error)
{
    char **words = word_split(text);
    bool ok = parse_words(more, words, ops, params, error);

    g_strfreev(words);
    return ok;
}

void cc_params_free(const struct cc_ops *ops, void *params)
{
    if (params)
        param_release(ops->params, params);
    g_free(params);
}
