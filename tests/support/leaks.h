/* Every test ends with no packet, event or timer alive. */
#ifndef WEFT_TESTS_SUPPORT_LEAKS_H
#define WEFT_TESTS_SUPPORT_LEAKS_H

#include <check.h>

#include "sim/sim.h"

static inline void assert_no_leaks(const struct sim *sim)
{
    char *leaks = sim_leaks(sim);
    ck_assert_msg(leaks == NULL, "%s", leaks);
}

#endif
