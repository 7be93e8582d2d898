/* The words of the language that stand by themselves: weft, expect, now, ...  Each table is in the
 * file that has its functions. */
#ifndef WEFT_SCENARIOS_BIND_WORDS_H
#define WEFT_SCENARIOS_BIND_WORDS_H

#include "scenarios/bind/class.h"
#include "scenarios/bind/options.h"

/* Fields of the table weft, of expect, and functions on their own. */
extern const struct bind_method bind_weft_random[], bind_weft_arg[], bind_weft_limits[],
    bind_weft_network[], bind_weft_data[];
extern const struct bind_method bind_expect[], bind_expect_later[];
extern const struct bind_method bind_functions[], bind_process_functions[], bind_weft_select[];

/* A table of the language and the functions in it. */
struct bind_words {
    const char *name; /* "weft"; "": functions on their own */
    const char *doc;
    const struct bind_method *const *parts; /* NULL-terminated */
};

/* All of them, the last without a name. */
extern const struct bind_words bind_word_tables[];

/* Adds them all to the table of words on top of the stack. */
void bind_words_open(lua_State *L);

/* Makes math.random a stream of the run's seed, and takes math.randomseed away. */
void bind_random_open(lua_State *L);

/* Judges expect(cond, message) when expect itself is called. */
int bind_expect_call(lua_State *L);

extern const struct bind_class bind_random_class;
extern const struct bind_options bind_table_options, bind_limits_options;

#endif
