/* The hash behind Fast Open's cookies; the conversations are in tests/script/tfo. */
#include "protocols/tcp/fastopen.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

/* Aumasson, Bernstein: SipHash, appendix A. */
START_TEST(siphash)
{
    uint8_t key[16], message[15];

    for (int i = 0; i < 16; i++)
        key[i] = (uint8_t)i;
    for (int i = 0; i < 15; i++)
        message[i] = (uint8_t)i;
    ck_assert_uint_eq(tcp_siphash(key, message, 15), 0xa129ca6149be45e5u);
}
END_TEST

SUITE("protocols/tcp_fastopen", siphash)
