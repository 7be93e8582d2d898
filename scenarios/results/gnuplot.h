/* Running gnuplot. */
#ifndef WEFT_SCENARIOS_RESULTS_GNUPLOT_H
#define WEFT_SCENARIOS_RESULTS_GNUPLOT_H

#include <glib.h>

/* Runs the scripts (paths below `directory`, "cwnd.gp", "net2/rtt.gp"; NULL-terminated), two at a
 * time, each in the directory where it lies.  What goes wrong is told to `warn`, a line per script;
 * if there is no gnuplot, a single line. */
void gnuplot_run(const char *directory, const char *const *scripts,
                 void (*warn)(void *data, const char *message), void *data);

#endif
