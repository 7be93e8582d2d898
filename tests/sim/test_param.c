#include "sim/param.h"

#include <math.h>
#include <string.h>

#include "tests/support/suite.h"

/* A row of each type. */
struct thing {
    bool ecn;
    int64_t count;
    uint32_t limit;
    sim_time target, stop;
    uint64_t rate, size;
    double loss, alpha;
    char *label;
    int mode;
};

#define AT(field) offsetof(struct thing, field)

static const char *const modes[] = { "fast", "slow", "adaptive", NULL };

static const struct param table[] = {
    { "ecn", PARAM_BOOL, AT(ecn), .def = "yes", .doc = "mark" },
    { "count", PARAM_INT, AT(count), .min = -5, .max = 1000000, .doc = "how many" },
    { "limit", PARAM_U32, AT(limit), .def = "100", .min = 1, .doc = "packets" },
    { "target", PARAM_TIME, AT(target), .def = "5ms", .min = 0, .max = 1, .doc = "delay" },
    { "stop", PARAM_TIME, AT(stop), .def = "never", .doc = "when" },
    { "rate", PARAM_RATE, AT(rate), .def = "10Mbps", .min = 1000, .doc = "bits" },
    { "size", PARAM_SIZE, AT(size), .def = "64KiB", .doc = "bytes" },
    { "loss", PARAM_FRACTION, AT(loss), .def = "0.1%", .doc = "probability" },
    { "alpha", PARAM_NUMBER, AT(alpha), .def = "0.125", .doc = "weight" },
    { "label", PARAM_STRING, AT(label), .def = "none", .doc = "text" },
    { "mode", PARAM_ENUM, AT(mode), .def = "slow", .doc = "which", .words = modes },
    PARAM_END,
};

static struct thing thing_new(void)
{
    struct thing t = { 0 };
    param_defaults(table, &t);
    return t;
}

static const struct param *row(const char *name)
{
    const struct param *p = param_find(table, name, NULL);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void refused(struct thing *t, const char *name, const char *text, const char *message)
{
    GError *error = NULL;
    char *before = param_show(row(name), t);
    ck_assert(!param_set_text(row(name), t, text, &error));
    ck_assert_str_eq(error->message, message);
    g_clear_error(&error);
    char *after = param_show(row(name), t);
    ck_assert_str_eq(before, after);
    g_free(before);
    g_free(after);
}

static void refused_number(struct thing *t, const char *name, double value, const char *message)
{
    GError *error = NULL;
    ck_assert(!param_set_number(row(name), t, value, &error));
    ck_assert_str_eq(error->message, message);
    g_clear_error(&error);
}

START_TEST(the_table_is_in_order)
{
    GError *error = NULL;
    param_check(table, &error);
    ck_assert_msg(!error, "%s", error ? error->message : "");
}
END_TEST

START_TEST(defaults_are_written)
{
    struct thing t = thing_new();
    ck_assert(t.ecn && t.count == 0 && t.limit == 100);
    ck_assert(t.target == 5 * SIM_MS && t.stop == SIM_NEVER);
    ck_assert(t.rate == 10000000 && t.size == 65536);
    ck_assert(t.loss == 0.001 && t.alpha == 0.125);
    ck_assert_str_eq(t.label, "none");
    ck_assert_int_eq(t.mode, 1);
    param_release(table, &t);
    ck_assert_ptr_null(t.label);
}
END_TEST

START_TEST(names_are_found_or_corrected)
{
    GError *error = NULL;
    ck_assert_ptr_eq(param_find(table, "target", NULL), &table[3]);
    ck_assert_ptr_null(param_find(table, "taget", &error));
    ck_assert(error->domain == WEFT_ERROR && error->code == WEFT_ERROR_UNKNOWN);
    ck_assert_str_eq(error->message, "unknown option `taget`; did you mean `target`?");
    g_clear_error(&error);
    ck_assert_ptr_null(param_find(table, "bandwidth", &error));
    ck_assert_str_eq(error->message, "unknown option `bandwidth`; there are: ecn, count, limit, "
                                     "target, stop, rate, size, loss, alpha, label, mode");
    g_clear_error(&error);
    ck_assert_ptr_null(param_find(&table[11], "x", &error));
    ck_assert_str_eq(error->message, "unknown option `x`; there are none here");
    g_clear_error(&error);
}
END_TEST

START_TEST(text_is_set)
{
    static const struct {
        const char *name, *text, *shown;
    } rows[] = {
        { "ecn", "no", "no" },
        { "ecn", "true", "yes" },
        { "ecn", "0", "no" },
        { "ecn", "on", "yes" },
        { "count", "-5", "-5" },
        { "count", "1e3", "1000" },
        { "limit", "4294967295", "4294967295" },
        { "target", "0", "0s" },
        { "target", "1s", "1s" },
        { "target", "0.1ms", "100us" },
        { "stop", "20s", "20s" },
        { "stop", "never", "never" },
        { "rate", "1MBps", "8Mbps" },
        { "rate", "1kbit", "1kbps" },
        { "size", "1500", "1500B" },
        { "loss", "2.5%", "2.5%" },
        { "alpha", "-3e-2", "-0.03" },
        { "label", "a b", "a b" },
        { "mode", "adaptive", "adaptive" },
    };
    struct thing t = thing_new();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GError *error = NULL;
        param_set_text(row(rows[i].name), &t, rows[i].text, &error);
        ck_assert_msg(!error, "%s", error ? error->message : "");
        char *shown = param_show(row(rows[i].name), &t);
        ck_assert_str_eq(shown, rows[i].shown);
        g_free(shown);
    }
    param_release(table, &t);
}
END_TEST

START_TEST(mistakes_in_text_are_named)
{
    struct thing t = thing_new();
    refused(&t, "rate", "10Mbs", "rate \"10Mbs\": unknown unit \"Mbs\"; use bps, kbps, Mbps, Gbps");
    refused(&t, "rate", "100bps", "rate \"100bps\": must be at least 1kbps");
    refused(&t, "rate", "-1Mbps", "rate \"-1Mbps\": must not be negative");
    refused(&t, "target", "2s", "target \"2s\": must be between 0s and 1s");
    refused(&t, "target", "-2ms", "target \"-2ms\": must not be negative");
    refused(&t, "target", "never", "target \"never\": must be between 0s and 1s");
    refused(&t, "stop", "-1s", "stop \"-1s\": must not be negative");
    refused(&t, "limit", "0", "limit \"0\": must be at least 1");
    refused(&t, "limit", "4294967296", "limit \"4294967296\": must be between 1 and 4294967295");
    refused(&t, "limit", "1.5", "limit \"1.5\": must be a whole number");
    refused(&t, "limit", "70pkts", "limit \"70pkts\": must be a whole number");
    refused(&t, "count", "99999999999999999999",
            "count \"99999999999999999999\": must be between -5 and 1000000");
    refused(&t, "count", "-6", "count \"-6\": must be between -5 and 1000000");
    refused(&t, "loss", "120%", "loss \"120%\": must be between 0% and 100%");
    refused(&t, "loss", "lots", "loss \"lots\": no number; write \"0.1%\"");
    refused(&t, "alpha", "1s", "alpha \"1s\": must be a plain number");
    refused(&t, "ecn", "maybe", "ecn \"maybe\": must be \"yes\" or \"no\"");
    refused(&t, "mode", "fats",
            "mode \"fats\": use one of fast, slow, adaptive; did you mean \"fast\"?");
    refused(&t, "mode", "blue", "mode \"blue\": use one of fast, slow, adaptive");
    param_release(table, &t);
}
END_TEST

START_TEST(numbers_are_si)
{
    struct thing t = thing_new();
    ck_assert(param_set_number(row("target"), &t, 0.3, NULL) && t.target == 300 * SIM_MS);
    ck_assert(param_set_number(row("stop"), &t, INFINITY, NULL) && t.stop == SIM_NEVER);
    ck_assert(param_set_number(row("rate"), &t, 2e6, NULL) && t.rate == 2000000);
    ck_assert(param_set_number(row("size"), &t, 62499.9999999, NULL) && t.size == 62500);
    ck_assert(param_set_number(row("loss"), &t, 0.01, NULL) && t.loss == 0.01);
    ck_assert(param_set_number(row("alpha"), &t, -7, NULL) && t.alpha == -7);
    ck_assert(param_set_number(row("limit"), &t, 70, NULL) && t.limit == 70);
    ck_assert(param_set_number(row("count"), &t, -3, NULL) && t.count == -3);
    ck_assert(param_set_number(row("ecn"), &t, 0, NULL) && !t.ecn);
    param_release(table, &t);
}
END_TEST

START_TEST(mistakes_in_numbers_are_named)
{
    struct thing t = thing_new();
    refused_number(&t, "rate", -5, "rate -5: must not be negative");
    refused_number(&t, "rate", 5, "rate 5: must be at least 1kbps");
    refused_number(&t, "rate", 1e30,
                   "rate 1e30: must be between 1kbps and 18446744.073709551615Tbps");
    refused_number(&t, "loss", 5, "loss 5: must be between 0% and 100%");
    refused_number(&t, "limit", 1.5, "limit 1.5: must be a whole number");
    refused_number(&t, "count", 1e19, "count 10000000000000000000: must be a whole number");
    refused_number(&t, "alpha", NAN, "alpha nan: must be a finite number");
    refused_number(&t, "size", INFINITY, "size inf: must be a finite number");
    refused_number(&t, "label", 3, "label 3: must be text");
    refused_number(&t, "mode", 1, "mode \"1\": use one of fast, slow, adaptive");
    refused_number(&t, "stop", 5e6, "stop 5000000: too long; a time is at most 53 days (1281 h)");
    refused_number(&t, "target", INFINITY, "target inf: must be between 0s and 1s");
    refused_number(&t, "ecn", 2, "ecn 2: must be between no and yes");
    param_release(table, &t);
}
END_TEST

START_TEST(numbers_are_read_back)
{
    static const struct {
        const char *name;
        double want;
    } rows[] = { { "ecn", 1 },    { "limit", 100 },  { "target", 0.005 }, { "stop", INFINITY },
                 { "rate", 1e7 }, { "size", 65536 }, { "loss", 0.001 },   { "alpha", 0.125 } };
    struct thing t = thing_new();
    double v;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert(param_number(row(rows[i].name), &t, &v) && v == rows[i].want);
    ck_assert(!param_number(row("label"), &t, &v));
    ck_assert(!param_number(row("mode"), &t, &v));
    param_release(table, &t);
}
END_TEST

/* Each faulty row is found. */
START_TEST(faulty_tables_are_refused)
{
    static const struct param rows[][3] = {
        { { "Upper", PARAM_BOOL, 0, .doc = "x" }, PARAM_END },
        { { "", PARAM_BOOL, 0, .doc = "x" }, PARAM_END },
        { { "twice", PARAM_BOOL, 0, .doc = "x" },
          { "twice", PARAM_BOOL, 0, .doc = "x" },
          PARAM_END },
        { { "undocumented", PARAM_BOOL, 0, .doc = "" }, PARAM_END },
        { { "wordless", PARAM_ENUM, 0, .doc = "x" }, PARAM_END },
        { { "wordy", PARAM_U32, 0, .doc = "x", .words = modes }, PARAM_END },
        { { "inverted", PARAM_U32, 0, .doc = "x", .min = 5, .max = 4 }, PARAM_END },
        { { "outside", PARAM_U32, 0, .doc = "x", .def = "3", .min = 4, .max = 5 }, PARAM_END },
        { { "unit", PARAM_TIME, 0, .doc = "x", .def = "3Mbps" }, PARAM_END },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GError *error = NULL;
        ck_assert_msg(!param_check(rows[i], &error), "table %zu", i);
        ck_assert_ptr_nonnull(error);
        g_clear_error(&error);
    }
}
END_TEST

SUITE("sim/param", the_table_is_in_order, defaults_are_written, names_are_found_or_corrected,
      text_is_set, mistakes_in_text_are_named, numbers_are_si, mistakes_in_numbers_are_named,
      numbers_are_read_back, faulty_tables_are_refused)
