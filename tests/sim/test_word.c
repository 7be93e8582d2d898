#include <glib.h>

#include "sim/word.h"

#include "tests/support/suite.h"

static const char *const options[] = { "target", "interval", "limit", "ecn", "rate", NULL };

START_TEST(finds_one_edit_of_each_kind)
{
    ck_assert_str_eq(word_nearest("taget", options), "target");   /* a letter missing */
    ck_assert_str_eq(word_nearest("targget", options), "target"); /* one too many */
    ck_assert_str_eq(word_nearest("tarket", options), "target");  /* a wrong one */
    ck_assert_str_eq(word_nearest("tagret", options), "target");  /* two swapped */
    ck_assert_str_eq(word_nearest("limti", options), "limit");
}
END_TEST

START_TEST(ignores_case)
{
    ck_assert_str_eq(word_nearest("ECN", options), "ecn");
    ck_assert_str_eq(word_nearest("Rate", options), "rate");
}
END_TEST

START_TEST(says_nothing_when_nothing_is_near)
{
    ck_assert_ptr_null(word_nearest("bandwidth", options));
    ck_assert_ptr_null(word_nearest("", options));
    ck_assert_ptr_null(word_nearest("x", options));
    ck_assert_ptr_null(word_nearest("gate-way", options));
}
END_TEST

START_TEST(prefers_the_nearest_then_the_first)
{
    static const char *const words[] = { "abcdxx", "abcdef", "abcdeg", NULL };
    ck_assert_str_eq(word_nearest("abcdeh", words), "abcdef");
    ck_assert_str_eq(word_nearest("abcdeg", words), "abcdeg");
}
END_TEST

START_TEST(survives_long_words)
{
    char text[400];
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = (char)('a' + i % 26);
    text[sizeof text - 1] = '\0';
    ck_assert_ptr_null(word_nearest(text, options));
}
END_TEST

START_TEST(words_of_a_text)
{
    static const char *const texts[] = { "pfifo limit 70", "  pfifo\tlimit   70 ",
                                         "\tpfifo limit 70\t" };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        char **words = word_split(texts[i]);
        ck_assert_uint_eq(g_strv_length(words), 3);
        ck_assert_str_eq(words[0], "pfifo");
        ck_assert_str_eq(words[1], "limit");
        ck_assert_str_eq(words[2], "70");
        g_strfreev(words);
    }
    char **none = word_split(" \t ");
    ck_assert_ptr_null(none[0]);
    g_strfreev(none);
}
END_TEST

SUITE("sim/word", finds_one_edit_of_each_kind, ignores_case, says_nothing_when_nothing_is_near,
      prefers_the_nearest_then_the_first, survives_long_words, words_of_a_text)
