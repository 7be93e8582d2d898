/* Which weft this is. */
#ifndef WEFT_SIM_VERSION_H
#define WEFT_SIM_VERSION_H

/* "0.1.0+g0123456789ab", "-dirty" behind it when the checkout had uncommitted changes; just
 * "0.1.0" where no commit is known.  The same tree always gives the same text: tools/version.sh
 * makes it and reads no clock. */
extern const char weft_version[];

#endif
