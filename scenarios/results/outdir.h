/* The directory of a run's results, replaced whole.
 *
 * A run writes into a hidden directory beside the final one.  outdir_commit exchanges the two by
 * one rename, then removes the old results.  The hidden directory is locked while its run lives;
 * those without a lock were left by runs that were killed, and the next run removes them. */
#ifndef WEFT_SCENARIOS_RESULTS_OUTDIR_H
#define WEFT_SCENARIOS_RESULTS_OUTDIR_H

#include <glib.h>
#include <stdbool.h>

struct outdir;

/* Makes the hidden directory for `final`, and the directories above it.  NULL with an error if
 * that is not possible, or if `final` is there and is neither empty nor a result: it contains
 * OUTDIR_MARK if it is one. */
struct outdir *outdir_new(const char *final, GError **error);

#define OUTDIR_MARK "summary.json"

/* Where to write. */
const char *outdir_path(const struct outdir *dir);

/* Where the files will be: the absolute final path. */
const char *outdir_final(const struct outdir *dir);

/* Puts the new results in place of the old ones.  False with an error, and the old ones in place,
 * if that fails. */
bool outdir_commit(struct outdir *dir, GError **error);

/* Removes what was written, unless it was committed. */
void outdir_free(struct outdir *dir);

#endif
