-- Linux's quick-ACK phase.
script.accepted()
for i = 0, 3 do
  script.inject("+10ms", (". %d:%d(1000) ack 1 win 257"):format(1 + i * 1000, 1001 + i * 1000))
  script.expect((". 1:1(0) ack %d"):format(1001 + i * 1000))
end
