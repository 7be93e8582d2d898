#include "scenarios/bind/scenario.h"

#include <string.h>

#include "scenarios/bind/arg.h"
#include "scenarios/bind/cc.h"
#include "scenarios/bind/drawing.h"
#include "scenarios/bind/network.h"

/* ---- Life ---------------------------------------------------------------------------------- */

static void bind_init(struct bind *bind, const struct scenario_options *options,
                      struct report *report)
{
    bind->options = options;
    bind->report = report;
    bind->folder = g_path_get_dirname(options->path);
    bind->nets = g_ptr_array_new();
    bind->ccs = bind_ccs_new();
    bind->args = bind_args_new();
    bind->drawings = bind_drawings_new();
}

/* Lua first: its objects point into the networks. */
static void bind_fini(struct bind *bind)
{
    if (bind->L)
        lua_close(bind->L);
    bind->L = bind->running = NULL;
    for (guint i = 0; i < bind->nets->len; i++)
        bind_net_free(bind->nets->pdata[i]);
    g_ptr_array_free(bind->nets, TRUE);
    bind_ccs_free(bind->ccs);
    g_ptr_array_unref(bind->args);
    g_ptr_array_free(bind->drawings, TRUE);
    g_free(bind->script);
    g_free(bind->folder);
}

/* ---- Running ------------------------------------------------------------------------------- */

static bool fail(lua_State *L, GError **error)
{
    const char *message = lua_tostring(L, -1);

    g_set_error_literal(error, WEFT_ERROR, WEFT_ERROR_TYPE, message ? message : "an error");
    lua_pop(L, 1);
    return false;
}

static bool read_script(struct bind *bind, GError **error)
{
    char *problem = NULL;

    bind->script = bind_read_file(bind->options->path, &bind->script_size, &problem);
    if (bind->script)
        return true;
    g_set_error_literal(error, WEFT_ERROR, WEFT_ERROR_NAME, problem);
    g_free(problem);
    return false;
}

static bool run_script(struct bind *bind, GError **error)
{
    if (!read_script(bind, error))
        return false;
    if (!bind_state_new(bind)) {
        g_set_error_literal(error, WEFT_ERROR, WEFT_ERROR_RANGE, "not enough memory");
        return false;
    }
    if (!bind_load_text(bind->L, bind->options->path, bind->script, bind->script_size) ||
        !bind_call_script(bind, 0, 0))
        return fail(bind->L, error);
    return bind_args_check(bind, true, error);
}

/* Functions of expectations may be called once more while the networks are alive. */
static bool finish(struct bind *bind, GError **error)
{
    for (guint i = 0; i < bind->nets->len; i++)
        bind_net_close(bind->nets->pdata[i]);
    bind_drawings_finish(bind);
    return true;
}

enum scenario_end scenario_run(const struct scenario_options *options, struct report *report,
                               GError **error)
{
    struct bind bind = { 0 };

    bind_init(&bind, options, report);
    bool ok = run_script(&bind, error) && finish(&bind, error);
    enum scenario_end end = ok ? SCENARIO_DONE : bind.bug ? SCENARIO_BUG : SCENARIO_MISTAKE;
    if (!ok)
        report_discard(report);
    bind_fini(&bind);
    return end;
}

GPtrArray *scenario_args(const struct scenario_options *options, struct report *report,
                         GError **error)
{
    struct bind bind = { .only_args = true };
    GPtrArray *args = NULL;
    GError *problem = NULL;

    bind_init(&bind, options, report);
    if (run_script(&bind, &problem) || bind.fatal)
        args = g_ptr_array_ref(bind.args);
    if (args)
        g_clear_error(&problem);
    else
        g_propagate_error(error, problem);
    report_discard(report);
    bind_fini(&bind);
    return args;
}

char *scenario_name(const char *path)
{
    char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');

    if (dot && dot != name)
        *dot = '\0';
    return name;
}
