-- RFC 3168 6.1.1: hosts must not set ECT on a SYN; one that arrives with it was changed on the way,
-- and Linux does not trust such a path.
script.listen()
script.inject("[ect0] SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("[noecn] S. 0:0(0) ack 1 <...>")
