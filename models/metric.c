#include "models/metric.h"

#include <string.h>

const struct metric *metric_find(const struct metric *table, const char *name)
{
    for (const struct metric *m = table; m->name; m++)
        if (strcmp(m->name, name) == 0)
            return m;
    return NULL;
}
