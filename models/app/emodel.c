#include "models/app/emodel.h"

#include "sim/real.h"

const struct emodel emodel_default = {
    .SLR = 8,
    .RLR = 2,
    .STMR = 15,
    .Ds = 3,
    .Dr = 3,
    .TELR = 65,
    .WEPL = 110,
    .qdu = 1,
    .Ie = 0,
    .Bpl = 1,
    .BurstR = 1,
    .Nc = -70,
    .Nfor = -64,
    .Ps = 35,
    .Pr = 35,
};

void emodel_set_delay(struct emodel *e, double ms)
{
    e->T = e->Ta = ms;
    e->Tr = 2 * ms;
}

static double log10_of(double x)
{
    return real_log(x) * 0.43429448190325182765;
}

/* From decibel, and back. */
static double power(double dB)
{
    return real_exp(dB / 10 * 2.30258509299404568402);
}

static double decibel(double x)
{
    return 10 * log10_of(x);
}

/* x to the y, where x may be 0 or negative if y is even. */
static double raise(double x, unsigned y)
{
    double p = 1;

    while (y-- > 0)
        p *= x;
    return p;
}

/* The y-th root of 1 + x^y: the soft corner from 1 to x of which the model is fond. */
static double bend(double x, unsigned y)
{
    return real_pow(1 + raise(x, y), 1.0 / y);
}

/* The square root, that of IEEE 754 being a basic operation. */
static double root(double x)
{
    return __builtin_sqrt(x);
}

/* 7.2: the sum of all noises at the 0 dBr point, dBm0p. */
static double noise_No(const struct emodel *e)
{
    double OLR = e->SLR + e->RLR, LSTR = e->STMR + e->Dr;
    double Nfo = e->Nfor + e->RLR;
    double Pre = e->Pr + decibel(1 + power(10 - LSTR));
    double Nor = e->RLR - 121 + Pre + 0.008 * raise(Pre - 35, 2);
    double Nos = e->Ps - e->SLR - e->Ds - 100 + 0.004 * raise(e->Ps - OLR - e->Ds - 14, 2);

    return decibel(power(e->Nc) + power(Nos) + power(Nor) + power(Nfo));
}

/* 7.3.1: too low a loudness. */
static double impairment_Iolr(const struct emodel *e, double No)
{
    double Xolr = e->SLR + e->RLR + 0.2 * (64 + No - e->RLR);

    return 20 * (bend(Xolr / 8, 8) - Xolr / 8);
}

/* 7.3.2: a sidetone that is too loud or too low. */
static double impairment_Ist(const struct emodel *e)
{
    double STMRo = -decibel(power(-e->STMR) + real_exp(-e->T / 4) * power(-e->TELR));

    return 12 * bend((STMRo - 13) / 6, 8) - 28 * bend((STMRo + 1) / 19.4, 35) -
           13 * bend((STMRo - 3) / 33, 13) + 29;
}

/* 7.3.3: quantising distortion. */
static double impairment_Iq(const struct emodel *e, double Ro)
{
    double Q = 37 - 15 * log10_of(e->qdu);
    double G = 1.07 + 0.258 * Q + 0.0602 * Q * Q;
    double Z = 46.0 / 30 - G / 40;
    double Y = (Ro - 100) / 15 + 46.0 / 8.4 - G / 9;

    return 15 * log10_of(1 + power(10 * Y) + power(10 * Z));
}

/* 7.4: the talker's echo. */
static double impairment_Idte(const struct emodel *e, double No)
{
    if (e->T < 1)
        return 0;
    double Ist = impairment_Ist(e);
    double TERV = e->TELR - 40 * log10_of((1 + e->T / 10) / (1 + e->T / 150)) +
                  6 * real_exp(-0.3 * e->T * e->T);
    if (e->STMR < 9)
        TERV += Ist / 2;
    double Roe = -1.5 * (No - e->RLR), Re = 80 + 2.5 * (TERV - 14);
    double half = (Roe - Re) / 2;
    double Idte = (half + root(half * half + 100) - 1) * (1 - real_exp(-e->T));

    return e->STMR > 20 ? root(Idte * Idte + Ist * Ist) : Idte;
}

/* 7.4: the listener's echo. */
static double impairment_Idle(const struct emodel *e, double Ro)
{
    double Rle = 10.5 * (e->WEPL + 7) * real_pow(e->Tr + 1, -0.25);
    double half = (Ro - Rle) / 2;

    return half + root(half * half + 169);
}

/* 7.4: an absolute delay that is too long, with the default delay sensitivity (sT = 1, mT = 100
 * ms). */
static double impairment_Idd(const struct emodel *e)
{
    if (e->Ta <= 100)
        return 0;
    double X = real_log(e->Ta / 100) / real_log(2);

    return 25 * (bend(X, 6) - 3 * bend(X / 3, 6) + 2);
}

/* 7.5: the codec, and the packets that it never got. */
static double impairment_Ie_eff(const struct emodel *e)
{
    return e->Ie + (95 - e->Ie) * e->Ppl / (e->Ppl / e->BurstR + e->Bpl);
}

double emodel_rating(const struct emodel *e)
{
    double No = noise_No(e);
    double Ro = 15 - 1.5 * (e->SLR + No);
    double Is = impairment_Iolr(e, No) + impairment_Ist(e) + impairment_Iq(e, Ro);
    double Id = impairment_Idte(e, No) + impairment_Idle(e, Ro) + impairment_Idd(e);

    return Ro - Is - Id - impairment_Ie_eff(e) + e->A;
}

/* The polynomial falls below 1 for ratings under 6.5, where no score can be. */
double emodel_mos(double R)
{
    if (R >= 100)
        return 4.5;
    double mos = 1 + 0.035 * R + R * (R - 60) * (100 - R) * 7e-6;

    return R <= 0 || mos < 1 ? 1 : mos;
}
