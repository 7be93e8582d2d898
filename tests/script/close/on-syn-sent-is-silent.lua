local c = script.connect()
script.expect("S 0:0(0) <...>")
c:close()
script.silence("5s")
