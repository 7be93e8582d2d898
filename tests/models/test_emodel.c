/* The E-model against values from elsewhere: the default rating and annex B's table of G.107, and
 * ratings that a program of a few lines in another language computed from the Recommendation's
 * formulas. */
#include "models/app/emodel.h"
#include "tests/support/suite.h"

#define TOL 1e-6

static double rating(double ms, double Ppl, double Ie, double Bpl, double BurstR)
{
    struct emodel e = emodel_default;

    e.Ppl = Ppl;
    e.Ie = Ie;
    e.Bpl = Bpl;
    e.BurstR = BurstR;
    emodel_set_delay(&e, ms);
    return emodel_rating(&e);
}

START_TEST(defaults_give_93_2)
{
    /* G.107 (06/2015) table 2, note: with all parameters at their defaults R = 93.2. */
    double r = rating(0, 0, 0, 1, 1);

    ck_assert_double_eq_tol(r, 93.2, 0.05);
    ck_assert_double_eq_tol(r, 93.206208, TOL);
    ck_assert_double_eq_tol(emodel_mos(r), 4.41, 0.005);
}
END_TEST

START_TEST(scores_of_annex_b)
{
    static const struct {
        double r, mos;
    } table[] = { { 90, 4.34 }, { 80, 4.03 }, { 70, 3.60 }, { 60, 3.10 }, { 50, 2.58 } };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        ck_assert_double_eq_tol(emodel_mos(table[i].r), table[i].mos, 0.0101);
    ck_assert_double_eq(emodel_mos(0), 1);
    ck_assert_double_eq(emodel_mos(-20), 1);
    ck_assert_double_eq(emodel_mos(3), 1);
    ck_assert_double_eq(emodel_mos(100), 4.5);
    ck_assert_double_eq(emodel_mos(110), 4.5);
}
END_TEST

START_TEST(delay_and_loss)
{
    ck_assert_double_eq_tol(rating(50, 0, 0, 1, 1), 91.756161, TOL);
    ck_assert_double_eq_tol(rating(150, 0, 0, 1, 1), 89.539132, TOL);
    ck_assert_double_eq_tol(rating(250, 0, 0, 1, 1), 79.177101, TOL);
    ck_assert_double_eq_tol(rating(400, 0, 0, 1, 1), 62.246827, TOL);
    ck_assert_double_eq_tol(rating(0, 2, 0, 25.1, 1), 86.195138, TOL);
    ck_assert_double_eq_tol(rating(100, 1, 11, 19, 1), 75.463730, TOL);
    ck_assert_double_eq_tol(rating(150, 5, 0, 4.3, 1), 38.463863, TOL);
    ck_assert_double_eq_tol(rating(250, 3, 15, 16.1, 2), 50.540737, TOL);

    /* Other telephones: a loud sidetone, echoes, distortion. */
    struct emodel e = emodel_default;
    e.STMR = 12;
    e.TELR = 45;
    emodel_set_delay(&e, 50);
    ck_assert_double_eq_tol(emodel_rating(&e), 82.397687, TOL);
    e = emodel_default;
    e.WEPL = 60;
    e.qdu = 4;
    emodel_set_delay(&e, 80);
    ck_assert_double_eq_tol(emodel_rating(&e), 85.133163, TOL);
}
END_TEST

START_TEST(more_delay_or_loss_is_never_better)
{
    for (double ms = 1; ms < 500; ms += 7)
        ck_assert_double_gt(rating(ms, 0, 0, 1, 1), rating(ms + 7, 0, 0, 1, 1));
    for (double loss = 0; loss < 50; loss++) {
        ck_assert_double_gt(rating(50, loss, 11, 19, 1), rating(50, loss + 1, 11, 19, 1));
        ck_assert_double_ge(rating(50, loss, 11, 19, 1), rating(50, loss, 11, 19, 2));
    }
}
END_TEST

SUITE("models/app/emodel", defaults_give_93_2, scores_of_annex_b, delay_and_loss,
      more_delay_or_loss_is_never_better)
