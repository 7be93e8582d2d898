/* TCP Veno (Fu, Liew 2003). */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* Fewer than three packets queued: the loss was random, and takes a fifth. */
START_TEST(random_loss)
{
    struct cc_rig rig;

    rig_init(&rig, "veno");
    rig_cruise(&rig, 50);
    rig_path(&rig, 100, 100000);
    uint32_t before = rig.cc.cwnd;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, before * 4 / 5);
    rig_fini(&rig);
}
END_TEST

/* More: congestion; half, and growth in every other round trip. */
START_TEST(congestion)
{
    struct cc_rig rig;

    rig_init(&rig, "veno");
    rig_cruise(&rig, 90);
    rig_path(&rig, 100, 100000);
    rig_cruise(&rig, 120);
    for (int i = 0; i < 20; i++)
        rig_path(&rig, 100, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, 129);
    ck_assert_uint_le(rig.cc.cwnd, 131);
    uint32_t before = rig.cc.cwnd;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, before / 2);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_veno", random_loss, congestion)
