/* All tables of the language together: for `weft list`, `weft help` and the manual's check. */
#ifndef WEFT_SCENARIOS_BIND_CATALOG_H
#define WEFT_SCENARIOS_BIND_CATALOG_H

#include "scenarios/bind/class.h"
#include "scenarios/bind/missing.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/words.h"

/* An option table and where it goes. */
struct bind_catalog_options {
    const char *usage; /* "net:link(a, b, {...})" */
    const struct bind_options *options;
};

/* Those that do not belong to traffic, whose tables are in the registry; ended by a row without
 * usage. */
extern const struct bind_catalog_options bind_catalog_options[];

/* What all traffic takes. */
extern const struct bind_catalog_options bind_catalog_flow;

/* Does the language know this word: a cc, a queue, traffic, a method or a function?  For tags such
 * as "needs: switch". */
bool bind_catalog_has(const char *word);

#endif
