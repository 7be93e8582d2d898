/* All types but double and string are integers here, wide enough for each: reading, range check,
 * storing and showing meet in one __int128. */
#include "sim/param.h"

#include <math.h>
#include <string.h>

#include "sim/decimal.h"

typedef __int128 wide;

/* A new value on its way: as the user wrote it, for messages, and as it will be stored. */
struct value {
    const char *shown;
    bool never; /* a time that is infinite */
    union {
        wide integer;
        double real;
    };
};

static void *at(const struct param *param, void *base)
{
    return (char *)base + param->offset;
}

static const void *at_const(const struct param *param, const void *base)
{
    return (const char *)base + param->offset;
}

static bool is_real(enum param_type type)
{
    return type == PARAM_FRACTION || type == PARAM_NUMBER;
}

static void store(const struct param *param, void *base, const struct value *v)
{
    void *to = at(param, base);

    switch (param->type) {
    case PARAM_BOOL:
        *(bool *)to = v->integer != 0;
        break;
    case PARAM_INT:
        *(int64_t *)to = (int64_t)v->integer;
        break;
    case PARAM_U32:
        *(uint32_t *)to = (uint32_t)v->integer;
        break;
    case PARAM_TIME:
        *(sim_time *)to = (sim_time)v->integer;
        break;
    case PARAM_COUNT:
    case PARAM_RATE:
    case PARAM_SIZE:
        *(uint64_t *)to = (uint64_t)v->integer;
        break;
    case PARAM_FRACTION:
    case PARAM_NUMBER:
        *(double *)to = v->real;
        break;
    case PARAM_ENUM:
        *(int *)to = (int)v->integer;
        break;
    default: /* owns memory: set otherwise */
        break;
    }
}

static wide load_integer(const struct param *param, const void *base)
{
    const void *from = at_const(param, base);

    switch (param->type) {
    case PARAM_BOOL:
        return *(const bool *)from;
    case PARAM_INT:
        return *(const int64_t *)from;
    case PARAM_U32:
        return *(const uint32_t *)from;
    case PARAM_TIME:
        return *(const sim_time *)from;
    case PARAM_COUNT:
    case PARAM_RATE:
    case PARAM_SIZE:
        return *(const uint64_t *)from;
    case PARAM_ENUM:
        return *(const int *)from;
    default:
        g_assert_not_reached();
    }
}

static char *show_integer(enum param_type type, wide integer)
{
    switch (type) {
    case PARAM_TIME:
        return unit_show_time((sim_time)integer);
    case PARAM_RATE:
        return unit_show_rate((uint64_t)integer);
    case PARAM_SIZE:
        return unit_show_size((uint64_t)integer);
    case PARAM_BOOL:
        return g_strdup(integer ? "yes" : "no");
    case PARAM_COUNT:
        return g_strdup_printf("%" G_GUINT64_FORMAT, (uint64_t)integer);
    default:
        return g_strdup_printf("%" G_GINT64_FORMAT, (int64_t)integer);
    }
}

static char *show_real(enum param_type type, double real)
{
    return type == PARAM_FRACTION ? unit_show_fraction(real) : unit_show_number(real);
}

/* The limits of the row and of its type. */

static wide wide_of(double si, enum param_type type)
{
    if (type == PARAM_TIME)
        return simtime_from_seconds(si);
    if (si >= 0x1p64)
        return UINT64_MAX;
    return si <= -0x1p63 ? INT64_MIN : (wide)si;
}

static bool has_max(const struct param *param)
{
    return param->max > param->min || param->max != 0;
}

static void integer_limits(const struct param *param, wide *min, wide *max)
{
    static const struct {
        wide min, max;
    } of_type[] = {
        [PARAM_BOOL] = { 0, 1 },
        [PARAM_INT] = { INT64_MIN, INT64_MAX },
        [PARAM_U32] = { 0, UINT32_MAX },
        [PARAM_COUNT] = { 0, UINT64_MAX },
        [PARAM_TIME] = { -SIM_NEVER, SIM_NEVER },
        [PARAM_RATE] = { 0, UINT64_MAX },
        [PARAM_SIZE] = { 0, UINT64_MAX },
        [PARAM_ENUM] = { 0, INT32_MAX },
    };

    *min = of_type[param->type].min;
    *max = of_type[param->type].max;
    if (param->type == PARAM_TIME && param->min >= 0)
        *min = 0;
    if (param->min != 0 || has_max(param))
        *min = MAX(*min, wide_of(param->min, param->type));
    if (has_max(param))
        *max = MIN(*max, wide_of(param->max, param->type));
}

static bool refuse_range(const struct param *param, const char *shown, char *min, char *max,
                         GError **error)
{
    if (min && max)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "%s %s: must be between %s and %s",
                    param->name, shown, min, max);
    else
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "%s %s: must be at %s %s", param->name,
                    shown, min ? "least" : "most", min ? min : max);
    g_free(min);
    g_free(max);
    return false;
}

/* A time is infinite only where that is the default. */
static bool check_time(const struct param *param, const struct value *v, GError **error)
{
    if (v->never && g_strcmp0(param->def, "never") == 0)
        return true;
    if (!v->never && v->integer <= SIM_TIME_MAX && v->integer >= -SIM_TIME_MAX)
        return true;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "%s %s: %s at most 53 days (1281 h)",
                param->name, v->shown,
                v->never ? "it must come to an end; a time is" : "too long; a time is");
    return false;
}

static bool check_integer(const struct param *param, const struct value *v, GError **error)
{
    wide min, max;

    if (param->type == PARAM_TIME && !has_max(param) && !check_time(param, v, error))
        return false;
    integer_limits(param, &min, &max);
    if (v->integer >= min && v->integer <= max)
        return true;
    bool amount = param->type == PARAM_RATE || param->type == PARAM_SIZE;
    if (v->integer < 0 && (min == 0 || amount)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "%s %s: must not be negative", param->name,
                    v->shown);
        return false;
    }
    bool bounded = has_max(param) || v->integer > max;
    return refuse_range(param, v->shown, show_integer(param->type, min),
                        bounded ? show_integer(param->type, max) : NULL, error);
}

static bool check_real(const struct param *param, const struct value *v, GError **error)
{
    bool fraction = param->type == PARAM_FRACTION;
    double min = param->min != 0 || has_max(param) ? param->min : fraction ? 0 : -INFINITY;
    double max = has_max(param) ? param->max : fraction ? 1 : INFINITY;

    if (v->real >= min && v->real <= max)
        return true;
    return refuse_range(param, v->shown, isinf(min) ? NULL : show_real(param->type, min),
                        isinf(max) ? NULL : show_real(param->type, max), error);
}

static bool check_and_store(const struct param *param, void *base, const struct value *v,
                            GError **error)
{
    if (is_real(param->type) ? !check_real(param, v, error) : !check_integer(param, v, error))
        return false;
    store(param, base, v);
    return true;
}

/* Reading text. */

static bool refuse(const struct param *param, const char *shown, const char *message,
                   GError **error)
{
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "%s %s: %s", param->name, shown, message);
    return false;
}

static bool read_bool(const struct param *param, const char *text, struct value *v, GError **error)
{
    static const char *const words[] = { "no", "yes", "off", "on", "false", "true", "0", "1" };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(text, words[i]) == 0) {
            v->integer = i % 2;
            return true;
        }
    return refuse(param, v->shown, "must be \"yes\" or \"no\"", error);
}

static bool read_whole(const struct param *param, const char *text, struct value *v, GError **error)
{
    struct decimal d;
    uint64_t magnitude;
    const char *rest = decimal_parse(text, &d);

    if (!rest || *rest || !decimal_is_whole(d))
        return refuse(param, v->shown, "must be a whole number", error);
    if (!decimal_scale(d, 1, &magnitude))
        magnitude = UINT64_MAX; /* beyond every limit */
    v->integer = d.negative ? -(wide)magnitude : (wide)magnitude;
    return true;
}

static bool read_plain(const struct param *param, const char *text, struct value *v, GError **error)
{
    struct decimal d;
    const char *rest = decimal_parse(text, &d);

    if (!rest || *rest)
        return refuse(param, v->shown, "must be a plain number", error);
    v->real = decimal_to_double(d, 1, 0);
    return true;
}

static bool read_word(const struct param *param, const char *text, struct value *v, GError **error)
{
    for (int i = 0; param->words[i]; i++)
        if (strcmp(param->words[i], text) == 0) {
            v->integer = i;
            return true;
        }
    const char *near = word_nearest(text, param->words);
    char *all = g_strjoinv(", ", (char **)param->words);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "%s \"%s\": use one of %s%s%s%s",
                param->name, text, all, near ? "; did you mean \"" : "", near ? near : "",
                near ? "\"?" : "");
    g_free(all);
    return false;
}

static bool read_time(const struct param *param, const char *text, struct value *v, GError **error)
{
    sim_time time;

    if (!unit_read_time(param->name, text, &time, error))
        return false;
    v->integer = time;
    v->never = time == SIM_NEVER;
    return true;
}

static bool read_amount(const struct param *param, const char *text, struct value *v,
                        GError **error)
{
    uint64_t amount;
    bool (*read)(const char *, const char *, uint64_t *, GError **) =
        param->type == PARAM_RATE ? unit_read_rate : unit_read_size;

    if (!read(param->name, text, &amount, error))
        return false;
    v->integer = amount;
    return true;
}

static bool read_fraction(const struct param *param, const char *text, struct value *v,
                          GError **error)
{
    return unit_read_fraction(param->name, text, &v->real, error);
}

/* Distributions: "20ms", or a name and its numbers, "uniform 10ms 30ms". */

/* Only the rate of a Poisson process and the shape of a Pareto tail have no unit. */
static bool read_dist_arg(const struct param *param, const char *name, size_t i, const char *text,
                          double *out, GError **error)
{
    bool bare = strcmp(name, "poisson") == 0 || (strcmp(name, "pareto") == 0 && i == 1);
    uint64_t size;
    sim_time time;

    if (bare)
        return unit_read_any(param->name, text, out, error);
    if (param->type == PARAM_DIST_TIME) {
        if (!unit_read_time(param->name, text, &time, error))
            return false;
        *out = simtime_seconds(time);
        return true;
    }
    if (!unit_read_size(param->name, text, &size, error))
        return false;
    *out = (double)size;
    return true;
}

bool param_set_dist(const struct param *param, void *base, const char *name,
                    const char *const *args, GError **error)
{
    double values[4];
    size_t n = 0;

    for (; args[n] && n < G_N_ELEMENTS(values); n++)
        if (!read_dist_arg(param, name, n, args[n], &values[n], error))
            return false;
    if (dist_set(at(param, base), name, values, n, error))
        return true;
    g_prefix_error(error, "%s: ", param->name);
    return false;
}

static bool set_dist_text(const struct param *param, void *base, const char *text, GError **error)
{
    char **words = g_strsplit(text, " ", -1);
    const char *constant[] = { text, NULL };
    bool ok = g_ascii_isalpha(text[0])
                  ? param_set_dist(param, base, words[0], (const char *const *)words + 1, error)
                  : param_set_dist(param, base, "constant", constant, error);

    g_strfreev(words);
    return ok;
}

static char *show_dist(const struct param *param, const void *base)
{
    const struct dist *dist = at_const(param, base);
    const char *name = dist_names[dist->kind];

    switch (dist->kind) {
    case DIST_CONSTANT:
        return unit_show_number(dist->a);
    case DIST_CDF:
        return g_strdup_printf("cdf of %zu points", dist->points);
    case DIST_UNIFORM:
    case DIST_PARETO:
    case DIST_NORMAL: {
        char *a = unit_show_number(dist->a), *b = unit_show_number(dist->b);
        char *shown = g_strdup_printf("%s %s %s", name, a, b);
        g_free(a);
        g_free(b);
        return shown;
    }
    default: {
        char *a = unit_show_number(dist->a);
        char *shown = g_strdup_printf("%s %s", name, a);
        g_free(a);
        return shown;
    }
    }
}

bool param_set_text(const struct param *param, void *base, const char *text, GError **error)
{
    static bool (*const read[])(const struct param *, const char *, struct value *, GError **) = {
        [PARAM_BOOL] = read_bool,   [PARAM_INT] = read_whole,    [PARAM_U32] = read_whole,
        [PARAM_COUNT] = read_whole, [PARAM_TIME] = read_time,    [PARAM_RATE] = read_amount,
        [PARAM_SIZE] = read_amount, [PARAM_NUMBER] = read_plain, [PARAM_FRACTION] = read_fraction,
        [PARAM_ENUM] = read_word,
    };

    if (param->type == PARAM_STRING) {
        char **to = at(param, base);
        g_free(*to);
        *to = g_strdup(text);
        return true;
    }
    if (param_is_dist(param))
        return set_dist_text(param, base, text, error);
    char *shown = g_strconcat("\"", text, "\"", NULL);
    struct value v = { .shown = shown };
    bool ok = read[param->type](param, text, &v, error) && check_and_store(param, base, &v, error);
    g_free(shown);
    return ok;
}

/* Reading a number. */

static bool take_number(const struct param *param, double value, struct value *v, GError **error)
{
    switch (param->type) {
    case PARAM_FRACTION:
    case PARAM_NUMBER:
        v->real = value;
        return true;
    case PARAM_TIME:
        v->integer = simtime_from_seconds(value);
        v->never = isinf(value) != 0;
        return true;
    case PARAM_RATE:
    case PARAM_SIZE: /* often computed, so rounded rather than refused */
        v->integer = value >= 0x1p64 ? (wide)1 << 64 : value < 0 ? -1 : (wide)(value + 0.5);
        return true;
    default:
        if (value != (double)(int64_t)CLAMP(value, -0x1p62, 0x1p62))
            return refuse(param, v->shown, "must be a whole number", error);
        v->integer = (wide)value;
        return true;
    }
}

bool param_set_number(const struct param *param, void *base, double value, GError **error)
{
    struct value v = { 0 };
    bool ok = false;
    if (param_is_dist(param) && isfinite(value) && value >= 0) {
        dist_constant(at(param, base), value);
        return true;
    }
    char *shown =
        isfinite(value) ? unit_show_number(value) : g_strdup(isnan(value) ? "nan" : "inf");

    v.shown = shown;
    if (isnan(value) || (isinf(value) && param->type != PARAM_TIME))
        refuse(param, shown, "must be a finite number", error);
    else if (param_is_dist(param))
        refuse(param, shown, "must not be negative", error);
    else if (param->type == PARAM_STRING)
        refuse(param, shown, "must be text", error);
    else if (param->type == PARAM_ENUM)
        read_word(param, shown, &v, error);
    else
        ok = take_number(param, value, &v, error) && check_and_store(param, base, &v, error);
    g_free(shown);
    return ok;
}

/* Showing. */

char *param_show(const struct param *param, const void *base)
{
    const void *from = at_const(param, base);

    switch (param->type) {
    case PARAM_STRING: {
        const char *text = *(char *const *)from;
        return g_strdup(text ? text : "");
    }
    case PARAM_DIST_SIZE:
    case PARAM_DIST_TIME:
        return show_dist(param, base);
    case PARAM_ENUM:
        return g_strdup(param->words[*(const int *)from]);
    case PARAM_FRACTION:
    case PARAM_NUMBER:
        return show_real(param->type, *(const double *)from);
    default:
        return show_integer(param->type, load_integer(param, base));
    }
}

bool param_number(const struct param *param, const void *base, double *out)
{
    switch (param->type) {
    case PARAM_STRING:
    case PARAM_ENUM:
        return false;
    case PARAM_DIST_SIZE:
    case PARAM_DIST_TIME:
        *out = dist_mean(at_const(param, base));
        return true;
    case PARAM_FRACTION:
    case PARAM_NUMBER:
        *out = *(const double *)at_const(param, base);
        return true;
    case PARAM_TIME: {
        sim_time time = *(const sim_time *)at_const(param, base);
        *out = time == SIM_NEVER ? INFINITY : simtime_seconds(time);
        return true;
    }
    default:
        *out = (double)load_integer(param, base);
        return true;
    }
}
