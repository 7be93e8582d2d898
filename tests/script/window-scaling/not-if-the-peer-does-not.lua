local c = script.accepted { offer = "mss 1000", win = 5000 }
expect.equal(c.snd_wnd, 5000)
