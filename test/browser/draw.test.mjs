// A draw of assessors in browsers: the parties' secrets stay where they were typed until
// they reveal them, everybody's browser recomputes what came out, and so does the program
// from what was downloaded.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { enter, follow, found, go, look, press, refused, says } from './steps.mjs';

const binary = path.resolve(import.meta.dirname, '../../build/shifan');
const parties = [['经办人甲', '春天的杨树下有三只喜鹊'], ['监票人甲', '旧船票背面写着一行字'], ['已提交，正在办理', '江面在立冬那天结了薄冰']];
const windows = {}, faults = [], nonces = {};
let site, browser, draw, dir;

async function as(name, size) {
  if (!windows[name]) {
    const page = windows[name] = await browser.page(size);
    page.on('console', (m) => {
      if (m.type() === 'error' && /Content Security Policy|Uncaught/.test(m.text())) faults.push(`${name}: ${m.text()}`);
    });
    page.on('pageerror', (e) => faults.push(`${name}: ${e.message}`));
    await enter(page, site.url, name);
  }
  return windows[name];
}

// saved downloads what a link leads to.
async function saved(page, word) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: word }).click()]);
  const at = path.join(dir, file.suggestedFilename());
  await file.saveAs(at);
  return at;
}

before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'draw-'));
  site = await demo('--today', '2026-06-15');
  browser = await browse();
});
afterEach(() => assert.deepEqual([...found(), ...faults.splice(0)], []));
after(async () => {
  await browser?.close();
  site?.stop();
  rmSync(dir, { recursive: true });
});

test('office: the pool is frozen, then the rule is published', async () => {
  const clerk = await as('经办人甲');
  await go(clerk, `${site.url}/pool`);
  await look(clerk, 'draw-pool');
  await go(clerk, `${site.url}/draws/new`);
  await clerk.getByRole('checkbox', { name: /山杨物流/ }).check();
  await look(clerk, 'draw-new');
  await press(clerk, '冻结名单');
  await says(clerk, '名单已冻结', '还没有公布');
  draw = clerk.url();
  const director = await as('办公室负责人甲');
  await go(director, draw);
  await follow(director, '公布规则');
  await director.locator('[name="reveal_by"]').fill('2026-06-17');
  await press(director, '公布规则');
  await says(director, '规则摘要', '2026年6月17日');
});

test('parties: each commits in their own browser, and the secret is not sent', async () => {
  for (const [name, secret] of parties) {
    const page = await as(name);
    await go(page, `${site.url}/work`);
    await follow(page, /^承诺 /);
    await page.getByRole('textbox', { name: '秘密' }).fill(secret);
    nonces[name] = await page.getByRole('textbox', { name: '随机数' }).inputValue();
    assert.match(nonces[name], /^[0-9a-f]{32}$/);
    const sent = page.waitForRequest((r) => r.method() === 'POST');
    await press(page, '承诺');
    const body = new URLSearchParams((await sent).postData());
    assert.match(body.get('commitment'), /^[0-9a-f]{64}$/);
    assert.deepEqual([body.get('secret'), body.get('nonce')], [null, null], 'the platform was sent the secret');
    await says(page, '承诺已登记', '本人计算');
  }
  const shown = await (await fetch(`${draw}/draw.json`)).json();
  assert.equal(shown.parties.filter((p) => p.hashed_by === 'party').length, 3);
});

test('parties: each reveals, and nobody sees a secret before the last', async () => {
  const director = await as('办公室负责人甲');
  await go(director, draw);
  await press(director, '结束承诺，开始揭示');
  for (const [n, [name, secret]] of parties.entries()) {
    const page = await as(name);
    await go(page, `${site.url}/work`);
    await follow(page, /^揭示 /);
    await page.getByRole('textbox', { name: '秘密' }).fill(secret);
    await page.getByRole('textbox', { name: '随机数' }).fill(nonces[parties[(n + 1) % 3][0]] ?? '');
    await refused(page, '揭示', '与承诺值不符');
    await page.getByRole('textbox', { name: '秘密' }).fill(secret);
    await page.getByRole('textbox', { name: '随机数' }).fill(nonces[name]);
    await press(page, '揭示');
    const open = await (await fetch(`${draw}/draw.json`)).text();
    for (const [, said] of parties) assert.equal(open.includes(said), n === 2, `after ${n + 1} of 3: ${said}`);
  }
  await go(director, draw);
  await press(director, '产生结果');
  await says(director, '已产生结果', '（组长）');
});

test('public: the browser recomputes it, and the program from the record', async () => {
  const page = await browser.page();
  await go(page, draw);
  await page.getByRole('button', { name: '重算' }).click();
  const line = page.locator('[data-said]');
  await line.filter({ hasText: /./ }).waitFor();
  const doc = await (await fetch(`${draw}/draw.json`)).json();
  assert.equal(await line.innerText(), `成立。本机算得的种子是 ${doc.seed}，排序和考核组与公布的一致。`);
  await look(page, 'draw-result');
  // What was tampered with is noticed by the same button.
  await page.route('**/draw.json', (r) => r.fulfill({ json: { ...doc, teams: doc.teams.map((t) => ({ ...t, members: t.members.toReversed() })) } }));
  await page.getByRole('button', { name: '重算' }).click();
  await line.filter({ hasText: '不成立：考核组不符。' }).waitFor();
  await page.unroute('**/draw.json');
  const record = await saved(page, '下载抽取记录');
  assert.deepEqual(JSON.parse(readFileSync(record)), doc);
  assert.match(execFileSync(binary, ['draw', 'verify', record], { encoding: 'utf8' }), new RegExp(doc.seed));
  const certificate = path.join(dir, 'certificate.pdf'); // a browser may show it instead of saving it
  const at = await page.getByRole('link', { name: '抽取证明（PDF）' }).evaluate((a) => a.href);
  writeFileSync(certificate, Buffer.from(await (await fetch(at)).arrayBuffer()));
  const text = execFileSync('pdftotext', ['-raw', certificate, '-'], { encoding: 'utf8' });
  assert.ok(text.replace(/\s/g, '').includes(doc.seed), 'the certificate does not say the seed');
});

test('public: without script, on a phone, the platform recomputes what is pasted', async () => {
  const page = await browser.page({ width: 360, height: 780, script: false });
  await go(page, draw);
  assert.equal(await page.getByRole('button', { name: '重算' }).isVisible(), false);
  await says(page, '已产生结果');
  await go(page, `${site.url}/draws/verify`);
  await page.getByLabel('抽取记录').fill(await (await fetch(`${draw}/draw.json`)).text());
  await page.getByRole('main').getByRole('button').click();
  await says(page, '成立。抽取');
  await look(page, 'draw-verify');
});
