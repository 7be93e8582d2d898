#include "models/app/codec.h"

/* Frames: RFC 3551 4.5.  Ie and Bpl: ITU-T G.113 (11/2007), tables I.1 and I.4, which have Bpl for
 * independent losses of these codecs only; G.729 is taken as its annex A, with which it
 * interworks. */
enum { PCMU = 0, G723 = 4, G729 = 18, DYNAMIC = 96 };

/* clang-format off */
const struct codec codecs[] = {
    { "g711", "64 kbit/s, losses concealed (G.711 appendix I)",
      10 * SIM_MS, 0, 80, 2, PCMU, 0, 25.1 },
    { "g711-noplc", "64 kbit/s, losses not concealed",
      10 * SIM_MS, 0, 80, 2, PCMU, 0, 4.3 },
    { "g729", "8 kbit/s (G.729A)",
      10 * SIM_MS, 5 * SIM_MS, 10, 2, G729, 11, 19.0 },
    { "g723.1", "6.3 kbit/s",
      30 * SIM_MS, 7500 * SIM_US, 24, 1, G723, 15, 16.1 },
    { "gsm-efr", "12.2 kbit/s",
      20 * SIM_MS, 0, 31, 1, DYNAMIC, 5, 10.0 },
};
/* clang-format on */

const char *const codec_names[] = { "g711", "g711-noplc", "g729", "g723.1", "gsm-efr", 0 };
