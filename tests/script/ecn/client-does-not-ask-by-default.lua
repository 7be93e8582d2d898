script.connect()
script.expect("[noecn] S 0:0(0) <...>")
