/* Rows of sysctls: what a table of them needs to read and write values as text.
 *
 * Numbers are read as Linux reads them (proc_dointvec and its relatives): decimal, 0x... or 0...
 * (octal), blanks around them, several for a row of several, of which the last ones may be left out
 * and then stay.  What Linux silently passes over, here is a mistake: no number at all, and more
 * than there are.  So are numbers below zero in rows whose least is 0: Linux lets some be written,
 * and takes most of them for very large ones. */
#ifndef WEFT_SIM_SYSCTL_H
#define WEFT_SIM_SYSCTL_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYSCTL_VALUES_MAX = 3 };

struct sysctl_row {
    const char *name; /* "net.ipv4.tcp_sack" */
    size_t offset;    /* of the first value in the owner's struct: uint32_t, or int32_t if the
                         least is negative */
    int count;        /* values; 0: no numbers, its owner reads and writes it */
    int64_t min, max; /* of each, Linux's */
};

/* The row of that name, or NULL.  A table ends with a row without a name. */
const struct sysctl_row *sysctl_find(const struct sysctl_row *rows, const char *name);

/* Writes the numbers in `text` into the struct at `base`; false with an error that says name, text
 * and range, and nothing is written. */
bool sysctl_write(const struct sysctl_row *row, void *base, const char *text, GError **error);

/* The numbers, with blanks between them; the caller frees the text. */
char *sysctl_read(const struct sysctl_row *row, const void *base);

/* There is no sysctl `name`; of `names` (NULL-terminated) the one that ends so is meant, or the
 * nearest. */
void sysctl_unknown(const char *name, const char *const *names, GError **error);

#endif
