-- RFC 7323 2.3.
local c = script.accepted { offer = "mss 1000,sackOK,nop,nop,nop,wscale 15", win = 2 }
expect.equal(c.snd_wnd, 32768)
