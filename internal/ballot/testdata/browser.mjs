// Runs the browser's cryptography (internal/web/static/ballot.js) for the tests: one call a
// line, [name, arguments…, {fixed}] as JSON; what it returns, as JSON, a line. With fixed the
// random numbers are those of the vectors.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

const q = 78571733251071885079927659812671450121821421258408794611510081919805623223441n;
const ballot = await import(process.argv[2]);
const drawn = () => {
  let i = 0;
  return () => BigInt('0x' + createHash('sha256').update(`fixed-random|${i++}`).digest('hex')) % q;
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, args, fixed } = JSON.parse(line);
  let out;
  try {
    out = { value: await ballot[call](...args, ...fixed ? [drawn()] : []) };
  } catch (e) {
    out = { error: e.message, dealer: e.dealer };
  }
  process.stdout.write(JSON.stringify(out) + '\n');
}
