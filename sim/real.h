/* Logarithm and exponential from IEEE basic operations alone, so that they give the same bits on
 * every machine and with every libm.  Accurate to about an ulp (relative error below 1e-15). */
#ifndef WEFT_SIM_REAL_H
#define WEFT_SIM_REAL_H

/* Natural logarithm of x > 0; -infinity for 0. */
double real_log(double x);

/* log(1 + x) for x > -1, accurate also where x is tiny. */
double real_log1p(double x);

/* e to the x. */
double real_exp(double x);

/* x to the y for x > 0, as exp(y log x): the relative error grows with |y log x|. */
double real_pow(double x, double y);

#endif
