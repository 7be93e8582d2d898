-- Linux: a receiver with a small window gets segments that fit twice.
local c = script.accepted { offer = "mss 1460,sackOK", win = 2000 }
expect.equal(c.mss, 1000)
