// How long Chromium takes to encrypt a ballot of ten items with the page's own code, each
// with its proofs and the signature: node test/browser/encrypt.bench.mjs. It asserts
// nothing; docs/benchmarks.md has what it said.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { loadavg } from 'node:os';
import { browse } from './lib.mjs';

const script = readFileSync(path.resolve(import.meta.dirname, '../../internal/web/static/ballot.js'));
// WebCrypto is there on pages of this machine only by http://127.0.0.1 or https.
const server = createServer((q, a) => {
  if (q.url === '/ballot.js') a.setHeader('content-type', 'text/javascript').end(script);
  else a.setHeader('content-type', 'text/html').end('<!doctype html><title>ballot</title>');
}).listen(0, '127.0.0.1');
await new Promise((there) => { server.on('listening', there); });
const browser = await browse();
try {
  const page = await browser.page();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const times = await page.evaluate(async () => {
    const b = await import('/ballot.js');
    const credential = b.newCredential(), uuid = 'GeqvAroQ1HRyDy';
    const key = await b.publicOf(credential, uuid); // any element of the group does for a key
    const question = { answers: ['赞成', '反对', '弃权'], min: 1, max: 1, question: '议题' };
    const election = JSON.stringify({ version: 1, name: '表决', description: '', group: 'BELENIOS-2048', public_key: key, questions: Array(10).fill(question), uuid });
    const all = [];
    for (let n = 0; n < 7; n++) {
      const from = performance.now();
      await b.vote(election, credential, Array.from({ length: 10 }, (_, i) => [0, 1, 2].map((k) => Number(k === (n + i) % 3))));
      all.push(performance.now() - from);
    }
    return all;
  });
  const sorted = [...times].sort((x, y) => x - y);
  console.log(`ten items: first ${times[0].toFixed(0)} ms, median ${sorted[3].toFixed(0)} ms, slowest ${sorted[6].toFixed(0)} ms; load ${loadavg()[0].toFixed(1)}`);
} finally {
  await browser.close();
  server.close();
}
