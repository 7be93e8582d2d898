-- The peer's FIN acknowledges ours.
local c = script.accepted()
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
