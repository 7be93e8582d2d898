/* Speech codecs: what they send, and how they sound. */
#ifndef WEFT_MODELS_APP_CODEC_H
#define WEFT_MODELS_APP_CODEC_H

#include <stdint.h>

#include "sim/simtime.h"

enum { CODEC_CLOCK = 8000 /* Hz, of RTP timestamps: RFC 3551 */ };

struct codec {
    const char *name, *doc;
    sim_time frame;      /* speech in a frame */
    sim_time look_ahead; /* speech that the encoder needs beyond it */
    uint32_t bytes;      /* of a frame */
    uint32_t frames;     /* usually in a packet */
    uint8_t type;        /* of the RTP payload */
    double Ie, Bpl;      /* ITU-T G.113 appendix I: impairment; robustness against loss */
};

/* In the order of codec_names. */
extern const struct codec codecs[];

/* "g711", ...; NULL-terminated. */
extern const char *const codec_names[];

#endif
