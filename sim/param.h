/* Tunables: one table per kind of object says name, unit, default, range and meaning.  The Lua
 * setter, `weft list`, the manual's reference and the error messages all come from it. */
#ifndef WEFT_SIM_PARAM_H
#define WEFT_SIM_PARAM_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/dist.h"
#include "sim/error.h"
#include "sim/unit.h"
#include "sim/word.h"

enum param_type {              /* the C type at `offset` */
                  PARAM_BOOL,  /* bool; "yes", "no", 1, 0, ... */
                  PARAM_INT,   /* int64_t */
                  PARAM_U32,   /* uint32_t */
                  PARAM_COUNT, /* uint64_t, how many */
                  PARAM_TIME,  /* sim_time; "20ms", a bare number is seconds; "never" if there is no
                                  maximum */
                  PARAM_RATE,  /* uint64_t, bits per second; "10Mbps", "1MBps" */
                  PARAM_SIZE,  /* uint64_t, bytes; "64KiB", "64kB" */
                  PARAM_FRACTION,  /* double in [0, 1]; "0.1%" */
                  PARAM_NUMBER,    /* double */
                  PARAM_STRING,    /* char *, g_malloc'ed, NULL if unset */
                  PARAM_ENUM,      /* int: index into `words` */
                  PARAM_DIST_SIZE, /* struct dist of bytes; "1000", "exponential 1kB" */
                  PARAM_DIST_TIME, /* struct dist of seconds; "20ms", "exponential 20ms" */
};

struct param {
    const char *name;
    enum param_type type;
    size_t offset;
    const char *def;          /* as a user would write it; NULL: leave zero */
    double min, max;          /* in SI units; both 0: no limits beyond the type's; max 0 with a
                                 positive min: no maximum.  Times are never negative unless min is */
    const char *doc;          /* one line */
    const char *const *words; /* PARAM_ENUM: NULL-terminated */
};

/* Ends a table. */
#define PARAM_END    \
    {                \
        .name = NULL \
    }

/* Writes all defaults of `table` into the zeroed struct at `base`.  A default that its own row
 * refuses is a bug. */
void param_defaults(const struct param *table, void *base);

/* The entry `name`, or NULL with an error that names the nearest word. */
const struct param *param_find(const struct param *table, const char *name, GError **error);

/* Sets one value from text or from a bare number in SI units; false with an error that states
 * parameter, value and remedy, and the old value stays. */
bool param_set_text(const struct param *param, void *base, const char *text, GError **error);
bool param_set_number(const struct param *param, void *base, double value, GError **error);

/* Sets a distribution by its name and numbers with units (NULL-terminated); for "cdf" use
 * dist_set_cdf on the struct dist at the parameter's offset. */
bool param_set_dist(const struct param *param, void *base, const char *name,
                    const char *const *args, GError **error);

static inline bool param_is_dist(const struct param *param)
{
    return param->type == PARAM_DIST_SIZE || param->type == PARAM_DIST_TIME;
}

/* The value as a user would write it, such that param_set_text gives the same value again; the
 * caller frees it.  An unset string shows as "". */
char *param_show(const struct param *param, const void *base);

/* The value in SI units (a bool as 0 or 1, SIM_NEVER as infinity, a distribution's mean); false for
 * strings and enums, which are text. */
bool param_number(const struct param *param, const void *base, double *out);

/* Frees the strings and distributions that the struct at `base` owns. */
void param_release(const struct param *table, void *base);

/* Is the table in order?  Names unique and in lower case, a doc line everywhere, defaults that
 * their rows accept, words where words belong.  False with the first fault. */
bool param_check(const struct param *table, GError **error);

#endif
