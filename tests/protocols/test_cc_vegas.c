/* TCP Vegas (Brakmo, Peterson 1995): between alpha = 2 and beta = 4 packets queued. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

START_TEST(queue)
{
    for (uint32_t start = 60; start <= 200; start += 140) {
        struct cc_rig rig;
        rig_init(&rig, "vegas");
        rig_cruise(&rig, 60);
        rig_path(&rig, 100, 100000);
        rig_cruise(&rig, start);
        for (int i = 0; i < 150; i++)
            rig_path(&rig, 100, 100000);
        ck_assert_uint_ge(rig.cc.cwnd, 102);
        ck_assert_uint_le(rig.cc.cwnd, 105);
        rig_fini(&rig);
    }
}
END_TEST

/* Slow start, in every round, ends when one packet is queued. */
START_TEST(slow_start)
{
    struct cc_rig rig;

    rig_init(&rig, "vegas");
    for (int i = 0; i < 200; i++)
        rig_path(&rig, 100, 100000);
    ck_assert(!cc_in_slow_start(&rig.cc));
    ck_assert_uint_le(rig.cc.cwnd, 105);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_vegas", queue, slow_start)
