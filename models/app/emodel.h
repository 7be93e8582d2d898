/* The E-model: how good a telephone connection sounds (ITU-T G.107, 06/2015).
 *
 * R, the transmission rating, starts from the signal-to-noise ratio Ro and loses what impairs
 * the conversation: Is what comes with the signal (loudness, sidetone, quantising), Id what comes
 * with delay (echo, and the delay itself), Ie,eff what the codec and lost packets do.  A is what
 * the user forgives.  R maps to the mean opinion score, 1 (bad) to 4.5.
 *
 * All of clause 7 is here, with the symbols of the Recommendation as names. */
#ifndef WEFT_MODELS_APP_EMODEL_H
#define WEFT_MODELS_APP_EMODEL_H

struct emodel {
    double SLR, RLR;         /* send and receive loudness ratings, dB */
    double STMR;             /* sidetone masking rating, dB */
    double Ds, Dr;           /* D-values of the telephones */
    double TELR;             /* talker echo loudness rating, dB */
    double WEPL;             /* weighted echo path loss, dB */
    double T, Tr, Ta;        /* ms: one-way to the echo; round trip; one-way without echo */
    double qdu;              /* quantising distortion units */
    double Ie, Bpl;          /* the codec's impairment, its robustness against loss (G.113) */
    double Ppl;              /* lost packets, percent */
    double BurstR;           /* mean loss burst over that of independent losses; 1 if independent */
    double Nc, Nfor, Ps, Pr; /* circuit noise, dBm0p; noise floor, dBmp; room noises, dB(A) */
    double A;                /* advantage */
};

/* Table 2 of G.107: a connection without packet loss, delay or codec. */
extern const struct emodel emodel_default;

/* Sets T, Ta and Tr for a connection that takes this long from mouth to ear. */
void emodel_set_delay(struct emodel *e, double ms);

/* The rating R. */
double emodel_rating(const struct emodel *e);

/* The estimated mean opinion score of a rating (annex B). */
double emodel_mos(double R);

#endif
