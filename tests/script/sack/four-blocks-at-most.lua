-- RFC 2018 3: without timestamps.
script.accepted()
local blocks = {}
for i = 1, 5 do
  script.inject("+5ms", (". %d:%d(1000) ack 1 win 257"):format(i * 2000 + 1, i * 2000 + 1001))
  table.insert(blocks, 1, (" %d:%d"):format(i * 2000 + 1, i * 2000 + 1001))
  blocks[5] = nil
  script.expect("+0ms~2ms", ". 1:1(0) ack 1 <nop,nop,sack" .. table.concat(blocks) .. ">")
end
