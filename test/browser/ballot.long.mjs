// A secret ballot in browsers: keys, credentials and votes are made where their owners
// are, and what the server publishes is recounted by the program from the archive alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { convene, enter, fill, follow, found, go, look, press, says, signIn, turn, visited } from './steps.mjs';

const binary = path.resolve(import.meta.dirname, '../../build/shifan');
const trustees = ['监票人甲', '监票人乙', '监票人丙'], registrar = '监票人丁';
const voters = ['委员甲', '委员乙', '委员丙', '委员丁', '委员戊', '委员己', '副主任委员乙', '主任委员甲'];
const phone = { width: 360, height: 780 };
const passphrase = '松花江畔 杨树 1953';
const windows = {}, faults = [];
let site, browser, meeting, ballots, dir;

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

// status waits until the page's script says something.
async function status(page, wanted) {
  const line = page.locator('#ballot-status');
  await line.filter({ hasText: wanted }).waitFor({ timeout: 30_000 }).catch(async () => assert.fail(`${page.url()} does not say ${wanted} but ${await line.innerText()}`));
}

const tap = (page, word) => page.getByRole('main').getByRole('button', { name: word }).click();

// keyed chooses a trustee's key file and types the passphrase.
async function keyed(page, name, word = passphrase) {
  await page.getByLabel('密钥文件').setInputFiles(path.join(dir, `${name}.json`));
  await page.getByLabel('密钥口令').fill(word);
}

before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'ballot-'));
  site = await demo('--today', '2026-06-15');
  browser = await browse();
});
afterEach(() => assert.deepEqual([...found(), ...faults.splice(0)], []));
after(async () => {
  await browser?.close();
  site?.stop();
  rmSync(dir, { recursive: true });
});

test('office: a meeting with a secret ballot, its trustees and its registrar', async () => {
  await visited(as, site.url, { script: false });
  const clerk = await as('经办人甲');
  meeting = await convene(clerk, site.url, { title: '无记名表决会议', at: '2026-06-29', ballot: 'secret' }, /山杨物流/);
  ballots = `${meeting}/elections`;
  await follow(clerk, '无记名表决');
  for (const name of trustees) await clerk.getByRole('checkbox', { name }).check();
  await clerk.getByLabel('监督员').selectOption({ label: registrar });
  await press(clerk, '指定监票人和监督员');
  await says(clerk, '正在生成密钥', '2人到场即可解密');
});

test('trustees: a key of which each has a part, and none the whole', async () => {
  for (const name of trustees) {
    const page = await as(name);
    await go(page, `${site.url}/work`);
    await follow(page, /生成密钥/);
    await page.getByLabel('密钥口令').fill(passphrase);
    const [file] = await Promise.all([page.waitForEvent('download'), tap(page, /生成密钥/)]);
    assert.equal(file.suggestedFilename(), `监票密钥-${name}.json`);
    await file.saveAs(path.join(dir, `${name}.json`));
  }
  const prints = new Set();
  for (const name of trustees) {
    const page = await as(name);
    await status(page, '逐一核对');
    prints.add((await page.locator('[data-prints] code').allInnerTexts()).join());
    await page.getByRole('checkbox', { name: /念出指纹/ }).check();
  }
  assert.equal(prints.size, 1, 'the trustees see different fingerprints');
  await look(await as(trustees[0]), 'ballot-key');
  await Promise.all(trustees.map(async (name) => tap(await as(name), '继续生成')));
  for (const name of trustees) await status(await as(name), '密钥已生成');
});

test('registrar: a credential on a slip for each who may vote', async () => {
  const chair = await as('主任委员甲');
  await turn(chair, site.url, '2026-06-29');
  for (const name of voters) await signIn(await as(name, name === '委员甲' ? phone : undefined), meeting);
  await go(chair, meeting);
  await press(chair, '宣布开会');
  await go(chair, ballots);
  await chair.getByRole('checkbox', { name: /山杨物流/ }).check();
  await press(chair, '准备无记名表决');
  const page = await as(registrar);
  await go(page, `${site.url}/work`);
  await follow(page, /制作投票凭证/);
  await tap(page, '制作投票凭证');
  await status(page, '凭证已制作');
  const slips = await page.locator('[data-slips] p').allInnerTexts();
  assert.equal(slips.length, voters.length);
  for (const slip of slips) windows[slip.split('　')[0]].slip = slip.match(/\S+$/)[0];
  await look(page, 'ballot-slips');
  await go(chair, ballots);
  await press(chair, '开始投票');
});

// vote fills the ballot in, checks it and sends it; it answers with the tracker.
async function vote(name, choice, shown) {
  const page = await as(name);
  await go(page, ballots);
  await page.getByLabel('投票凭证').fill(page.slip);
  await page.getByRole('radio', { name: choice }).check();
  await shown?.(page, 'ballot-paper');
  await tap(page, '核对选票');
  await page.locator('[data-chosen]', { hasText: choice }).waitFor();
  if (shown) {
    await tap(page, '返回修改');
    assert.ok(await page.getByRole('radio', { name: choice }).isChecked());
    await tap(page, '核对选票');
    await page.getByRole('heading', { name: '核对本人的选票' }).waitFor();
    await shown(page, 'ballot-paper-check');
  }
  await tap(page, '确认投票');
  await status(page, '票已投出');
  return page.locator('[data-trackers] code').innerText();
}

let first, last;

test('members: seven vote in their own browsers, one of them twice', async () => {
  const member = await as('委员甲');
  await go(member, `${site.url}/work`);
  await follow(member, /无记名投票/);
  await tap(member, '核对选票');
  await status(member, '投票凭证抄错了');
  first = await vote('委员甲', '反对', look);
  for (const [name, choice] of [['委员乙', '赞成'], ['委员丙', '赞成'], ['委员丁', '反对'], ['委员戊', '弃权'], ['副主任委员乙', '赞成'], ['主任委员甲', '赞成']]) await vote(name, choice);
  last = await vote('委员甲', '赞成');
  assert.notEqual(first, last);
  const other = await as('委员己'); // takes somebody else's slip
  await go(other, ballots);
  await other.getByLabel('投票凭证').fill(member.slip);
  await other.getByRole('radio', { name: '反对' }).check();
  await tap(other, '核对选票');
  await tap(other, '确认投票');
  await status(other, '这份凭证已由另一个账号用过');
});

test('trustees decrypt the sum, and anyone recounts', async () => {
  const chair = await as('主任委员甲');
  await go(chair, ballots);
  await press(chair, '结束投票');
  for (const [n, name] of ['监票人甲', '监票人丙'].entries()) {
    const page = await as(name);
    await go(page, `${site.url}/work`);
    await follow(page, /解密/);
    if (n === 0) {
      await keyed(page, name, '不是这个口令不是这个口令');
      await tap(page, '解密并提交');
      await status(page, '口令不对');
    }
    await keyed(page, name);
    await tap(page, '解密并提交');
    await status(page, '解密已提交');
  }
  const member = await as('委员甲');
  await go(member, ballots);
  await follow(member, '票箱和结果');
  await says(member, '赞成5，反对1，弃权1', '收到选票8张，计入7张');
  for (const [code, answer] of [[last, '已计入'], [first, '后来重投'], ['x', '没有这个票据码']]) {
    await member.getByLabel('查我的票据码').fill(code);
    await press(member, '查找');
    await says(member, answer);
  }
  await look(member, 'ballot-result');
  const [file] = await Promise.all([member.waitForEvent('download'), member.getByRole('link', { name: '下载票箱档案' }).click()]);
  const folder = path.join(dir, 'archive');
  mkdirSync(folder);
  await file.saveAs(path.join(folder, file.suggestedFilename()));
  const judged = execFileSync(binary, ['ballot', 'verify', folder], { encoding: 'utf8' });
  assert.match(judged, /^成立/);
  assert.match(judged, /收到选票8张，计入7张[^]*赞成 5，反对 1，弃权 1/);
  await go(chair, ballots);
  await follow(chair, /山杨物流/);
  await says(chair, '赞成', '本项通过');
});
