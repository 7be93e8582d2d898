-- RFC 2018 3: beside timestamps there is room for three blocks.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>")
local blocks = {}
for i = 1, 5 do
  script.inject(("P. %d:%d(500) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>"):format(i * 2000 + 1, i * 2000 + 501))
  table.insert(blocks, 1, (" %d:%d"):format(i * 2000 + 1, i * 2000 + 501))
  blocks[4] = nil
  script.expect(". 1:1(0) ack 1 <nop,nop,TS val 110 ecr 1010,nop,nop,sack" .. table.concat(blocks) .. ">")
end
