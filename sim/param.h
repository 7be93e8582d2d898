/* Tunables: one table per kind of object says name, unit, default, range and meaning.  The Lua
 * setter, `weft list`, the manual's reference and the error messages all come from it. */
#ifndef WEFT_SIM_PARAM_H
#define WEFT_SIM_PARAM_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/simtime.h"

enum param_type {        /* the C type at `offset` */
    PARAM_BOOL,          /* bool */
    PARAM_INT,           /* int64_t */
    PARAM_U32,           /* uint32_t */
    PARAM_TIME,          /* sim_time; "20ms", a bare number is seconds */
    PARAM_RATE,          /* uint64_t, bits per second; "10Mbps", "1MBps" */
    PARAM_SIZE,          /* uint64_t, bytes; "64KiB", "64kB" */
    PARAM_FRACTION,      /* double in [0, 1]; "0.1%" */
    PARAM_NUMBER,        /* double */
    PARAM_STRING,        /* char *, g_malloc'ed, NULL if unset */
    PARAM_ENUM,          /* int: index into `words` */
};

struct param {
    const char *name;
    enum param_type type;
    size_t offset;
    const char *def;          /* as a user would write it; NULL: leave zero */
    double min, max;          /* in SI units; both 0: no limits beyond the type's */
    const char *doc;          /* one line */
    const char *const *words; /* PARAM_ENUM: NULL-terminated */
};

/* Ends a table. */
#define PARAM_END { .name = NULL }

/* Errors of this family: the message says what is wrong and what would be right. */
#define WEFT_ERROR weft_error_quark()
GQuark weft_error_quark(void);
enum weft_error { WEFT_ERROR_UNIT, WEFT_ERROR_RANGE, WEFT_ERROR_UNKNOWN, WEFT_ERROR_TYPE };

/* Writes all defaults of `table` into the struct at `base`. */
void param_defaults(const struct param *table, void *base);

/* The entry `name`, or NULL with an error that names the nearest word. */
const struct param *param_find(const struct param *table, const char *name, GError **error);

/* Sets one value from text or from a bare number; false with an error that states parameter,
 * value and remedy. */
bool param_set_text(const struct param *param, void *base, const char *text, GError **error);
bool param_set_number(const struct param *param, void *base, double value, GError **error);

/* The value as a user would write it; the caller frees it. */
char *param_show(const struct param *param, const void *base);

/* Frees the strings that the struct at `base` owns. */
void param_release(const struct param *table, void *base);

/* One value each, with units; false with an error otherwise. */
bool unit_parse_time(const char *text, sim_time *out, GError **error);
bool unit_parse_rate(const char *text, uint64_t *out, GError **error);
bool unit_parse_size(const char *text, uint64_t *out, GError **error);
bool unit_parse_fraction(const char *text, double *out, GError **error);

/* The word of `words` (NULL-terminated) nearest to `text` by edit distance, or NULL if none is
 * near. */
const char *word_nearest(const char *text, const char *const *words);

#endif
