#include "tools/plugin.h"

#include <dlfcn.h>
#include <string.h>

#include "protocols/cc/cc.h"

static bool refuse(GError **error, const char *path, const char *what)
{
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "--plugin %s: %s", path, what);
    return false;
}

static bool is_among(const GPtrArray *ccs, const char *name)
{
    for (guint i = 0; i < ccs->len; i++)
        if (strcmp(((const struct cc_ops *)ccs->pdata[i])->name, name) == 0)
            return true;
    return cc_find(name) != NULL;
}

/* The algorithms of a plug-in that was made against this header. */
static bool add_all(const struct cc_plugin *plugin, const char *path, GPtrArray *ccs,
                    GError **error)
{
    if (plugin->abi != CC_PLUGIN_ABI)
        return refuse(error, path,
                      "it was compiled against another version of "
                      "protocols/cc/cc.h; compile it again");
    for (const struct cc_ops *const *ops = plugin->module; *ops; ops++) {
        if (!cc_check(*ops, error)) {
            g_prefix_error(error, "--plugin %s: ", path);
            return false;
        }
        if (is_among(ccs, (*ops)->name)) {
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_NAME,
                        "--plugin %s: there is a congestion control \"%s\" already; give it "
                        "another name",
                        path, (*ops)->name);
            return false;
        }
        g_ptr_array_add(ccs, (void *)(uintptr_t)*ops);
    }
    return true;
}

bool plugin_load(const char *path, GPtrArray *ccs, GError **error)
{
    /* Without a slash the system would look elsewhere than in the present folder. */
    char *file = strchr(path, '/') ? g_strdup(path) : g_strconcat("./", path, NULL);
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);

    g_free(file);
    if (!handle)
        return refuse(error, path, dlerror());
    const struct cc_plugin *plugin = dlsym(handle, "weft_plugin");
    if (!plugin)
        return refuse(error, path,
                      "it exports no weft_plugin; end its source with "
                      "CC_PLUGIN(name);");
    return add_all(plugin, path, ccs, error);
}
