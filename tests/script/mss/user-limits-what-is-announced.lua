-- TCP_MAXSEG.
script.connect { mss = 700 }
script.expect("S 0:0(0) <mss 700,sackOK,TS val 100 ecr 0,nop,wscale 10>")
