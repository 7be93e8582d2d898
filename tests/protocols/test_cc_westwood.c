/* TCP Westwood+ (Mascolo et al. 2001): after a loss, the estimated rate times the least RTT. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

START_TEST(path)
{
    struct cc_rig rig;

    rig_init(&rig, "westwood");
    rig_cruise(&rig, 80);
    for (int i = 0; i < 60; i++)
        rig_path(&rig, 100, 100000); /* in the end 140 packets, 40 of them in the queue */
    rig_loss(&rig);
    ck_assert_uint_ge(rig.cc.cwnd, 97);
    ck_assert_uint_le(rig.cc.cwnd, 103);
    rig_fini(&rig);
}
END_TEST

/* A random loss costs little of a window that the path holds: the filters lag behind its growth. */
START_TEST(random_loss)
{
    struct cc_rig rig;

    rig_init(&rig, "westwood");
    rig_cruise(&rig, 50);
    for (int i = 0; i < 40; i++)
        rig_path(&rig, 100, 100000);
    uint32_t before = rig.cc.cwnd;
    rig_loss(&rig);
    ck_assert_uint_ge(rig.cc.cwnd, before * 3 / 4);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_westwood", path, random_loss)
