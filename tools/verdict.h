/* The verdicts of `weft test`: in the Test Anything Protocol, and as JUnit XML. */
#ifndef WEFT_TOOLS_VERDICT_H
#define WEFT_TOOLS_VERDICT_H

#include <stdbool.h>
#include <stdio.h>

#include "tools/suite.h"

/* It was run and is neither fine nor skipped. */
bool test_failed(const struct test *test);

/* Why it was skipped; NULL if it was not.  The caller frees it. */
char *test_skip_reason(const struct test *test);

/* Prints the line of a test, and behind a failure what it printed. */
void verdict_tap(const struct test *test, unsigned number, FILE *out);

/* Writes all; false with an error if the file cannot be written. */
bool verdict_junit(const GPtrArray *tests, const char *path, GError **error);

#endif
