#include "models/qdisc/qdisc.h"

const struct qdisc_ops *qdisc_find(const char *name)
{
    for (const struct qdisc_ops *const *const *module = qdisc_registry; *module; module++)
        for (const struct qdisc_ops *const *ops = *module; *ops; ops++)
            if (strcmp((*ops)->name, name) == 0)
                return *ops;
    return NULL;
}

struct qdisc *qdisc_new(struct sim *sim, struct drops *drops, const struct qdisc_ops *ops)
{
    struct qdisc *q = g_malloc0(sizeof *q + ops->priv_size);

    assert(ops->enqueue && ops->dequeue && ops->purge);
    q->ops = ops;
    q->sim = sim;
    q->drops = drops;
    if (ops->params)
        param_defaults(ops->params, q->priv);
    if (ops->init)
        ops->init(q);
    return q;
}

void qdisc_free(struct qdisc *q)
{
    q->ops->purge(q, &drop_end_of_run);
    if (q->ops->release)
        q->ops->release(q);
    if (q->ops->params)
        param_release(q->ops->params, q->priv);
    g_free(q);
}

DROP_REASON(end_of_run, "still queued when its queue was removed");

static void refuse_name(const char *name, GError **error)
{
    GPtrArray *names = g_ptr_array_new();

    for (const struct qdisc_ops *const *const *module = qdisc_registry; *module; module++)
        for (const struct qdisc_ops *const *ops = *module; *ops; ops++)
            g_ptr_array_add(names, (char *)(*ops)->name);
    g_ptr_array_add(names, NULL);
    const char *near = word_nearest(name, (const char *const *)names->pdata);
    char *all = near ? g_strdup_printf("did you mean \"%s\"?", near)
                     : g_strjoinv(", ", (char **)names->pdata);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown queue \"%s\"; %s%s", name,
                near ? "" : "there are ", all);
    g_free(all);
    g_ptr_array_free(names, TRUE);
}

static const struct param *find_option(const struct qdisc *q, const char *name, GError **error)
{
    static const struct param none[] = { PARAM_END };

    return param_find(q->ops->params ? q->ops->params : none, name, error);
}

bool qdisc_set(struct qdisc *q, const char *name, const char *value, GError **error)
{
    const struct param *param = find_option(q, name, error);
    uint64_t rate;

    if (!param || (param->type == PARAM_RATE && !unit_read_tc_rate(name, value, &rate, error)))
        return false;
    return param_set_text(param, q->priv, value, error);
}

/* The option's name is judged first: "pfifo 50" lacks a name, not a value. */
static bool apply_word(struct qdisc *q, const char *name, const char *value, GError **error)
{
    if (value || !find_option(q, name, error))
        return value && qdisc_set(q, name, value, error);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "\"%s\" has no value", name);
    return false;
}

static bool apply_words(struct qdisc *q, char **words, GError **error)
{
    for (char **w = words; *w; w += 2) {
        if (!apply_word(q, w[0], w[1], error)) {
            g_prefix_error(error, "queue %s: ", q->ops->name);
            return false;
        }
    }
    if (!q->ops->check || q->ops->check(q, error))
        return true;
    g_prefix_error(error, "queue %s: ", q->ops->name);
    return false;
}

struct qdisc *qdisc_parse(struct sim *sim, struct drops *drops, const char *text, GError **error)
{
    char **words = word_split(text);
    struct qdisc *q = NULL;
    const struct qdisc_ops *ops = words[0] ? qdisc_find(words[0]) : NULL;

    if (!ops) {
        refuse_name(words[0] ? words[0] : "", error);
    } else {
        q = qdisc_new(sim, drops, ops);
        if (!apply_words(q, words + 1, error)) {
            qdisc_free(q);
            q = NULL;
        }
    }
    g_strfreev(words);
    return q;
}
