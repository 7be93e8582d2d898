/* What a scenario can name, from the tables that the language is made of, as sheets: of `weft list`
 * whole, of `weft help` the rows that are asked for. */
#ifndef WEFT_TOOLS_CATALOG_H
#define WEFT_TOOLS_CATALOG_H

#include "tools/sheet.h"

struct catalog {
    const char *name; /* "cc" */
    void (*fill)(struct sheet *sheet);
    const char *doc;
};

/* All, the last without a name. */
extern const struct catalog catalogs[];

#endif
