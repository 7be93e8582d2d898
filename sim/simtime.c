#include "sim/simtime.h"

#include <stdbool.h>
#include <string.h>

#include "sim/decimal.h"

/* The double is m x 2^e with m < 2^53; m x 10^12 fits into 93 bits, so the product is exact and
 * only the shift rounds (half away from zero). */
sim_time simtime_from_seconds(double seconds)
{
    uint64_t bits;
    memcpy(&bits, &seconds, sizeof bits);
    bool negative = bits >> 63;
    int biased = (int)(bits >> 52 & 0x7ff);
    uint64_t mantissa = bits & (((uint64_t)1 << 52) - 1);
    int shift = biased - 1075;

    assert(seconds == seconds);
    if (biased == 0 || shift < -93) /* below 2^-41 s: less than half a picosecond */
        return 0;
    mantissa |= (uint64_t)1 << 52;
    if (shift > -29) /* 2^24 s and more */
        return negative ? -SIM_NEVER : SIM_NEVER;
    unsigned __int128 ps = (unsigned __int128)mantissa * (uint64_t)SIM_S;
    ps = (ps >> (-shift - 1)) + 1;
    ps >>= 1;
    if (ps >= (uint64_t)SIM_NEVER)
        return negative ? -SIM_NEVER : SIM_NEVER;
    return negative ? -(sim_time)ps : (sim_time)ps;
}

char *simtime_format(sim_time t, char *buf, unsigned long size)
{
    char text[DECIMAL_TEXT + 4];

    if (t == SIM_NEVER) {
        strcpy(text, "never");
    } else {
        struct decimal d = { .digits = t < 0 ? -(uint64_t)t : (uint64_t)t,
                             .exponent = -12,
                             .negative = t < 0 };
        decimal_format(d, text);
        strcat(text, " s");
    }
    assert(strlen(text) < size);
    return strcpy(buf, text);
}
