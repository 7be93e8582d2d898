-- RFC 9293 3.10.7.2: what is neither SYN nor ACK is dropped; Linux drops a SYN with FIN, too.
script.listen()
for _, flags in ipairs { "R", "R.", "F", "P", "SF", "SR" } do
  script.inject(flags .. " 0:0(0) " .. (flags == "R." and "ack 1000 " or "") .. "win 257")
  script.silence("10ms")
end
