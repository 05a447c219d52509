// Turns a WOFF 1 font into the TrueType font inside it: each table is only
// compressed. Usage: node woff.mjs FROM.woff TO.ttf
import { readFileSync, writeFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'

const [from, to] = process.argv.slice(2)
const woff = readFileSync(from)
if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error(`${from} is no WOFF 1 font`)
const count = woff.readUInt16BE(12)
const power = 2 ** Math.floor(Math.log2(count))
const head = Buffer.alloc(12 + 16 * count)
woff.copy(head, 0, 4, 8)
head.writeUInt16BE(count, 4)
head.writeUInt16BE(16 * power, 6)
head.writeUInt16BE(Math.log2(power), 8)
head.writeUInt16BE(16 * (count - power), 10)
const parts = [head]
let offset = head.length
for (let i = 0; i < count; i++) {
  const entry = 44 + 20 * i
  const [at, packed, length, sum] = [4, 8, 12, 16].map((o) => woff.readUInt32BE(entry + o))
  const bytes = woff.subarray(at, at + packed)
  const table = packed < length ? inflateSync(bytes) : Buffer.from(bytes)
  if (table.length !== length) throw new Error('a table has another length than it says')
  woff.copy(head, 12 + 16 * i, entry, entry + 4)
  head.writeUInt32BE(sum, 12 + 16 * i + 4)
  head.writeUInt32BE(offset, 12 + 16 * i + 8)
  head.writeUInt32BE(length, 12 + 16 * i + 12)
  const padded = Buffer.alloc((length + 3) & ~3)
  table.copy(padded)
  parts.push(padded)
  offset += padded.length
}
writeFileSync(to, Buffer.concat(parts))
