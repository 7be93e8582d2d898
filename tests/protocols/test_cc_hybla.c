/* TCP Hybla (Caini, Firrincieli 2004): rho = RTT / 25 ms. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* In congestion avoidance rho^2 packets a round trip. */
START_TEST(avoidance)
{
    for (uint32_t rho = 1; rho <= 8; rho *= 2) {
        struct cc_rig rig;
        rig_init(&rig, "hybla");
        rig_ack(&rig, 1, (int32_t)(rho * 25000));
        rig_cruise(&rig, 500);
        rig_round(&rig, rho * 25000);
        ck_assert_uint_ge(rig.cc.cwnd, 500 + rho * rho - rho);
        ck_assert_uint_le(rig.cc.cwnd, 500 + rho * rho + 1);
        rig_fini(&rig);
    }
}
END_TEST

/* In slow start 2^rho - 1 packets an ACK. */
START_TEST(slow_start)
{
    struct cc_rig rig;

    rig_init(&rig, "hybla");
    rig.cc.srtt_us = 75000;
    rig.cc.ops->init(&rig.cc);
    ck_assert_uint_eq(rig.cc.cwnd, 3);
    rig_ack(&rig, 1, 75000);
    ck_assert_uint_eq(rig.cc.cwnd, 3 + 7);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_hybla", avoidance, slow_start)
