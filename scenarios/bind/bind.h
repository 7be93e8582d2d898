/* The inside of the language: what the files of this folder share.
 *
 * A struct bind is one scenario while it runs: the Lua state and everything that hangs on it.  The
 * folder's files are
 *
 *     scenario   the life of a scenario, from the script's path to the last result
 *     state      the Lua state and its memory;  sandbox  what a script may see of Lua
 *     limit      endless loops;  order  pairs and next;  sort  table.sort;  text  tostring, print
 *     fail       errors, with the line of the script
 *     class      objects: methods, properties, figures;  method  functions from tables
 *     value, options  reading Lua values and option tables, with units
 *     random arg expect judge   words that need no network
 *     network node link iface traffic series time run plot show packet ...  one file per kind
 *
 * Everything that a script can name comes from const tables (struct bind_method, struct
 * bind_property, struct bind_option, struct param, struct metric), and so do `weft list`, `weft
 * help` and the error messages: there is no second list.
 *
 * Errors.  A function that is called from Lua may leave by a Lua error (longjmp), so it owns no
 * memory across a call that can fail; texts are handed to Lua early, buffers are userdata.  A
 * callback that the simulation calls catches the error, stops the simulation and lets net:run
 * raise it again, so that no frame of the models is ever jumped over. */
#ifndef WEFT_SCENARIOS_BIND_BIND_H
#define WEFT_SCENARIOS_BIND_BIND_H

#include <glib.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stdint.h>

#include "scenarios/bind/scenario.h"
#include "sim/rng.h"

struct bind_net;

/* How many instructions of Lua may run, and how much it may hold. */
struct bind_limits {
    uint64_t script, callback; /* what weft.limits set */
    uint64_t memory;           /* ditto, in bytes */
    int64_t left;              /* for what runs now */
    const char *what;          /* ... which is this */
    const char *option;        /* ... whose option of weft.limits is this */
    uint64_t allowed;          /* ... and which had so many */
};

struct bind {
    lua_State *L;       /* the main thread */
    lua_State *running; /* the thread that runs now: callbacks are called on it */
    const struct scenario_options *options;
    struct report *report;
    char refused[128];   /* "file.lua:12: ", where memory was refused last */
    char failed_at[128]; /* "file.lua:12: ", the last call of a socket that failed */
    char title[96];      /* of the socket that was asked for it last */
    const char *failed;  /* and why, "ECONNREFUSED"; NULL: none has */
    char *script;        /* its text */
    size_t script_size;
    char *folder; /* in which it lies */
    struct bind_limits limits;
    size_t memory; /* bytes that Lua holds */
    GPtrArray *nets;
    GPtrArray *ccs;           /* congestion controls of weft.cc (cc.c) */
    struct bind_net *current; /* the network in which a callback runs or that ran last */
    GPtrArray *args;          /* struct scenario_arg */
    GPtrArray *drawings;      /* plots to be drawn at the end (drawing.c) */
    struct rng math;          /* of math.random */
    bool only_args;           /* the first run ends the script: only its arguments are wanted */
    bool fatal;               /* an error that the script may not catch is under way */
    bool bug;                 /* the error is a fault of weft, not of the script */
    unsigned plots, tables;   /* numbers for those without a name */
};

/* The scenario to which a Lua state belongs. */
static inline struct bind *bind_of(lua_State *L)
{
    return *(struct bind **)lua_getextraspace(L);
}

/* Keys of the registry, addresses of which are used. */
extern const char bind_key_objects, bind_key_library, bind_key_words;

/* ---- state.c, sandbox.c, file.c, limit.c, order.c, sort.c, text.c --------------------------- */

/* A Lua state for `bind` with the safe parts of Lua's own library and the words of the language;
 * NULL if there is no memory. */
lua_State *bind_state_new(struct bind *bind);

/* Replaces what the sandbox cannot allow in the opened libraries, and makes globals strict.  The
 * table of words is at the top of the stack before and after. */
void bind_sandbox(lua_State *L);

/* The contents of a file, or NULL with a message; the caller frees both. */
char *bind_read_file(const char *path, gsize *size, char **problem);

/* Pushes the path of a file that a script calls `name`: from the script's folder on. */
void bind_push_path(lua_State *L, const char *name, const char *ending);

/* Pushes the chunk of a script's text, or pushes a message and returns false. */
bool bind_load_text(lua_State *L, const char *path, const char *text, size_t size);

/* Sets the limits to their defaults; watches over endless loops. */
void bind_limit_init(struct bind *bind);
void bind_limit_watch(lua_State *L);
/* pcall, xpcall, coroutine.resume that let that one error through. */
void bind_limit_open(lua_State *L);
/* Raises the error on top again if it is one that a script may not catch. */
void bind_limit_through(lua_State *L);
void bind_order_open(lua_State *L);
void bind_sort_open(lua_State *L);
void bind_text_open(lua_State *L);

/* Pushes the value at `index` as text, without addresses. */
const char *bind_tostring(lua_State *L, int index);

/* Calls the function under its `nargs` arguments, with the position and nature of an error as
 * text on the stack if it returns false. */
bool bind_call_script(struct bind *bind, int nargs, int nresults);

/* The same on the running thread for a callback, under the limit for callbacks. `what` names it in
 * messages. */
bool bind_call_back(struct bind *bind, const char *what, int nargs, int nresults);

/* Starts or resumes `thread`, under the limit for callbacks: as lua_resume, but results are thrown
 * away, and the message on top after an error has a position. */
int bind_resume(struct bind *bind, lua_State *thread, const char *what, int nargs);

/* ---- fail.c -------------------------------------------------------------------------------- */

/* Writes "file.lua:12: ", the line of the script that runs, without need of memory; "" if none
 * does. */
void bind_where_to(lua_State *L, char *out, size_t size);

/* Is this a function of a scenario, or a file beside it?  Of C and of the embedded library it is
 * not.  The frame knows "Sl". */
bool bind_is_script(const lua_Debug *frame);

/* Pushes "file.lua:12: ", the line of the script that runs; "" if none does. */
const char *bind_where(lua_State *L);

/* Raises an error with the line of the script.  They return int so that callers can `return` it;
 * none of them returns. */
int bind_fail(lua_State *L, const char *format, ...) G_GNUC_PRINTF(2, 3) G_GNUC_NORETURN;

/* Raises `error`, which it frees, after "what ". */
int bind_throw(lua_State *L, const char *what, GError *error) G_GNUC_NORETURN;

/* Raises "WHAT: unknown KIND `name`; did you mean ...?".  `words` (a GPtrArray of strings, not
 * owned) is freed. */
int bind_unknown(lua_State *L, const char *what, const char *kind, const char *name,
                 GPtrArray *words) G_GNUC_NORETURN;

/* The nearest of the words, NULL if none is near; the caller frees it. */
char *bind_near(const char *name, GPtrArray *words);

/* "; did you mean `rate`?", or all there are when none is near; the caller frees it. */
char *bind_remedy(const char *name, GPtrArray *words);

/* ---- method.c ------------------------------------------------------------------------------ */

struct bind_object;

/* A function of the language.  `usage` is what the manual and messages show; its part before the
 * parenthesis is what users call it. */
struct bind_method {
    const char *name;
    /* Arguments are at the indices 1 to `max`, nil where none was given; `self` is the object of a
     * method. */
    int (*call)(lua_State *L, struct bind_object *self);
    int min, max; /* arguments */
    const char *usage, *doc;
};

/* Pushes a function that checks self (unless `class` is NULL) and the number of arguments. */
struct bind_class;
void bind_push_method(lua_State *L, const struct bind_class *class, const struct bind_method *m);

/* Adds all functions of `table` to the Lua table on top of the stack. */
void bind_add_methods(lua_State *L, const struct bind_class *class,
                      const struct bind_method *table);

#define BIND_METHODS_END \
    {                    \
        .name = NULL     \
    }

/* Makes the table on top of the stack strict: reading a name that it lacks is an error that calls
 * the table `what`. */
void bind_strict(lua_State *L, const char *what);

#endif
