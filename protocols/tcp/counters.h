/* The names of TCP's counters are Linux's: /proc/net/snmp (Tcp) and /proc/net/netstat (TcpExt).  To
 * people they are shown as by nstat(8), with the group in front: TcpInSegs, TcpExtTCPTimeouts. */
#ifndef WEFT_PROTOCOLS_TCP_COUNTERS_H
#define WEFT_PROTOCOLS_TCP_COUNTERS_H

#include <stdint.h>

/* clang-format off */
#define TCP_SNMP_COUNTERS(X) \
    X(ActiveOpens) X(PassiveOpens) X(AttemptFails) X(EstabResets) X(InSegs) X(OutSegs) \
    X(RetransSegs) X(InErrs) X(OutRsts) X(InCsumErrors)
#define TCP_EXT_COUNTERS(X) \
    X(SyncookiesSent) X(SyncookiesRecv) X(SyncookiesFailed) X(EmbryonicRsts) \
    X(TW) X(TWRecycled) X(TWKilled) X(PAWSActive) X(PAWSEstab) X(PAWSOldAck) X(PAWSTimewait) \
    X(DelayedACKs) X(DelayedACKLost) X(ListenOverflows) X(ListenDrops) \
    X(TCPHPHits) X(TCPPureAcks) X(TCPHPAcks) \
    X(TCPRenoRecovery) X(TCPSackRecovery) X(TCPSACKReneging) X(TCPSACKReorder) \
    X(TCPRenoReorder) X(TCPTSReorder) X(TCPFullUndo) X(TCPPartialUndo) X(TCPDSACKUndo) \
    X(TCPLossUndo) X(TCPLostRetransmit) X(TCPRenoFailures) X(TCPSackFailures) \
    X(TCPLossFailures) X(TCPFastRetrans) X(TCPSlowStartRetrans) X(TCPTimeouts) \
    X(TCPLossProbes) X(TCPLossProbeRecovery) X(TCPRenoRecoveryFail) X(TCPSackRecoveryFail) \
    X(PruneCalled) X(RcvPruned) X(OfoPruned) X(TCPRcvCollapsed) X(TCPDSACKOldSent) X(TCPDSACKOfoSent) X(TCPDSACKRecv) \
    X(TCPDSACKOfoRecv) X(TCPAbortOnData) X(TCPAbortOnClose) X(TCPAbortOnMemory) X(TCPMemoryPressures) X(TCPMemoryPressuresChrono) \
    X(TCPAbortOnTimeout) X(TCPAbortOnLinger) X(TCPSACKDiscard) \
    X(TCPDSACKIgnoredOld) X(TCPDSACKIgnoredNoUndo) X(TCPDSACKIgnoredDubious) X(TcpTimeoutRehash) \
    X(TCPSpuriousRTOs) \
    X(TCPDeferAcceptDrop) X(TCPTimeWaitOverflow) X(TCPReqQFullDoCookies) X(TCPReqQFullDrop) X(TCPRetransFail) X(TCPMD5Unexpected) \
    X(TCPOFOQueue) X(TCPOFODrop) X(TCPOFOMerge) X(TCPChallengeACK) X(TCPSYNChallenge) \
    X(TCPFromZeroWindowAdv) X(TCPToZeroWindowAdv) X(TCPWantZeroWindowAdv) \
    X(TCPFastOpenActive) X(TCPFastOpenActiveFail) X(TCPFastOpenPassive) X(TCPFastOpenPassiveFail) \
    X(TCPFastOpenListenOverflow) X(TCPFastOpenCookieReqd) X(TCPFastOpenPassiveAltKey) X(TCPFastOpenBlackhole) X(TCPSynRetrans) X(TCPOrigDataSent) \
    X(TCPACKSkippedSynRecv) X(TCPACKSkippedPAWS) X(TCPACKSkippedSeq) \
    X(TCPACKSkippedFinWait2) X(TCPACKSkippedTimeWait) X(TCPACKSkippedChallenge) \
    X(TCPSpuriousRtxHostQueues) X(TCPWinProbe) X(TCPKeepAlive) X(TCPDelivered) X(TCPDeliveredCE) X(TCPAckCompressed) X(TCPAutoCorking) \
    X(TCPMTUPFail) X(TCPMTUPSuccess) X(TCPZeroWindowDrop) X(TCPRcvQDrop) X(TCPDSACKRecvSegs) \
    X(OutOfWindowIcmps) X(BeyondWindow) X(TSEcrRejected)
/* clang-format on */

struct tcp_counters {
#define X(name) uint64_t name;
    TCP_SNMP_COUNTERS(X)
    TCP_EXT_COUNTERS(X)
#undef X
};

/* "TcpActiveOpens", ..., "TcpExtTW", ..., in the order of the struct, NULL-terminated. */
extern const char *const tcp_counter_names[];

#endif
