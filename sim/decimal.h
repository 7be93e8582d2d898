/* Exact decimal numbers, for reading and showing values without the rounding of binary floating
 * point: "0.1ms" is exactly 100000000 ps. */
#ifndef WEFT_SIM_DECIMAL_H
#define WEFT_SIM_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* (-1)^negative x digits x 10^exponent.  Nineteen significant digits are kept. */
struct decimal {
    uint64_t digits;
    int exponent;
    bool negative;
};

enum { DECIMAL_TEXT = 64 }; /* room for any decimal_format */

/* Reads "12", "-0.5", ".25", "1e6" at the start of `text` and returns what follows; NULL if no
 * number is there.  Digits beyond the nineteenth significant one count as zero. */
const char *decimal_parse(const char *text, struct decimal *out);

/* No digit behind the point. */
bool decimal_is_whole(struct decimal d);

/* |d| x factor, rounded to the nearest integer, halves up; false, and nothing written, if it
 * does not fit. */
bool decimal_scale(struct decimal d, uint64_t factor, uint64_t *out);

/* d x factor x 10^exponent, correctly rounded. */
double decimal_to_double(struct decimal d, uint64_t factor, int exponent);

/* The shortest decimal that reads back as the finite `value`. */
struct decimal decimal_of_double(double value);

/* Writes the number plainly ("0.00125", "1500"), or as "1.5e-30" where that would be long, into
 * buf[DECIMAL_TEXT]; returns buf. */
char *decimal_format(struct decimal d, char *buf);

#endif
