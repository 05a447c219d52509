// A whole meeting with its browsers open at once, from the sign-in to the minutes: each
// member signs in and votes in a window of their own; one is recused, and goes out and comes
// back; the quorum is counted live; the chair votes last; a decision against the
// recommendation needs a reason; and the minutes say what happened.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { cast, convene, enter, fill, follow, found, go, look, press, refused, says, signIn, turn, visited, words } from './steps.mjs';

const members = ['委员甲', '委员乙', '委员丙', '委员丁', '委员戊', '委员己'], recused = '委员己', presiding = '主任委员甲';
const phone = { width: 360, height: 780 };
const windows = {};
let site, browser, meeting, item;

async function as(name, size) {
  if (!windows[name]) {
    windows[name] = await browser.page({ script: false, ...size });
    await enter(windows[name], site.url, name);
  }
  return windows[name];
}

// count reads a figure of a table by its row's head.
async function count(page, head) {
  return Number((await page.locator('table.sum tr').filter({ hasText: head }).first().locator('td').innerText()).match(/\d+/)[0]);
}

before(async () => {
  site = await demo('--today', '2026-06-15');
  browser = await browse();
});
afterEach(() => assert.deepEqual(found(), []));
after(async () => {
  await browser?.close();
  site?.stop();
});

test('before: a visit, the summons and the papers', async () => {
  await visited(as, site.url, { script: false });
  const clerk = await as('经办人甲');
  meeting = await convene(clerk, site.url, { title: '2026年第1次全体委员会议', at: '2026-06-29', ballot: 'named' }, /山杨物流/);
  await turn(clerk, site.url, '2026-06-29');
});

test('sign-in: each in their own window, and the quorum is counted as they come', async () => {
  const chair = await as(presiding);
  await signIn(chair, meeting);
  assert.equal(await count(chair, '实到'), 1);
  const need = await count(chair, '法定人数');
  await says(chair, `还差${need - 1}人到法定人数`);
  let here = 1;
  for (const name of members) {
    const page = await as(name, name === '委员甲' ? phone : undefined);
    await signIn(page, meeting);
    await go(chair, meeting);
    assert.equal(await count(chair, '实到'), ++here, name);
    if (here < need) await says(chair, `还差${need - here}人到法定人数`);
  }
  assert.equal(here, need + 1, 'the demonstration has another roster: one may leave, and no second');
  await says(chair, '达到法定人数', '核算：');
  await look(chair, 'whole-meeting-quorum');
  await press(chair, '宣布开会');
  await follow(chair, /审议第1项/);
  item = chair.url();
});

test('recusal: out of both sides of the quorum, out of the room, and in the minutes', async () => {
  const chair = await as(presiding), away = await as(recused);
  const entitled = await count(chair, '本项应到'), present = await count(chair, '本项实到');
  await go(away, `${item}/recuse`);
  await refused(away, '登记回避', '没有填写');
  await fill(away, {}, '曾任该单位顾问');
  await press(away, '登记回避');
  await says(away, '本项已回避', '不向本人显示');
  await look(away, 'whole-meeting-recused');
  await go(chair, item);
  assert.deepEqual([await count(chair, '本项应到'), await count(chair, '本项实到')], [entitled - 1, present - 1]);
  await go(away, meeting);
  await press(away, '登记离会'); // out of the room while the item is discussed
  await go(chair, item);
  assert.equal(await count(chair, '本项实到'), present - 1);
});

test('the vote: live, the chair last, no figure before its end', async () => {
  const chair = await as(presiding), wall = await as('监票人甲');
  await go(chair, item);
  const away = await as(recused);
  await press(chair, '开始表决');
  await go(away, item);
  await says(away, '本项已回避');
  assert.equal(await away.getByLabel('赞成').count(), 0, 'who is recused has a ballot');
  const voters = members.filter((n) => n !== recused);
  for (const [n, name] of voters.entries()) {
    await cast(await as(name), item, n < 1 ? 'aye' : 'no');
    await go(chair, item);
    assert.equal(await count(chair, '已投'), n + 1);
    await says(chair, '表决结束前不显示');
    if (n === 1) {
      await fill(chair, { choice: 'no' });
      await push409(chair, '核对并投票', '主持人最后投票');
    }
  }
  await go(wall, `${item}/projector`);
  await says(wall, '已投票', '法定人数');
  await look(wall, 'whole-meeting-projector');
  await cast(chair, item, 'no');
});

test('the result: against the recommendation only with a reason', async () => {
  const chair = await as(presiding);
  await go(chair, item);
  await follow(chair, '结束表决');
  await press(chair, '确认结束表决');
  await says(chair, '未通过');
  await follow(chair, '宣布结果');
  await refused(chair, /^宣布：/, '与初审建议不一致，写明理由');
  await fill(chair, { reason: '委员会认为阵地尚未建成，明年再议。' });
  await look(chair, 'whole-meeting-declare');
  await press(chair, /^宣布：/);
  await says(chair, '赞成', '反对');
  await go(await as('委员甲'), item);
  await says(await as('委员甲'), '委员会认为阵地尚未建成');
});

test('the end: back in the room, closed, and the minutes from what happened', async () => {
  const chair = await as(presiding), clerk = await as('经办人甲'), away = await as(recused);
  await signIn(away, meeting);
  await says(away, '登记离会');
  await go(chair, meeting);
  await follow(chair, '闭会');
  await press(chair, '确认闭会');
  await go(clerk, `${meeting}/notes`);
  await fill(clerk, {}, '会议听取了初审和考核情况汇报，逐项审议并表决。');
  await press(clerk, '保存');
  await go(clerk, `${meeting}/minutes`);
  await says(clerk, '出席', '委员甲', presiding, '回避', recused, '未通过', '委员会认为阵地尚未建成', '会议听取了初审');
  await look(clerk, 'whole-meeting-minutes');
  await go(chair, `${meeting}/minutes`);
  await says(chair, '赞成', '委员甲', '反对', '委员乙'); // by name, for the chair
  await go(away, `${meeting}/minutes`);
  const seen = await words(away);
  assert.ok(!/反对[1-9]/.test(seen), `who was recused reads the figures: ${seen}`);
});

// A demonstration has no programme with places for n of m, and no paper ballots: the pages
// of both are those that the doors' own tests come by, looked at beside its stylesheet.
test('n of m and count sheets: every page that their tests come by', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'pages-'));
  try {
    execFileSync('go', ['test', '-count=1', '-run', '^Test(Ranking|PaperRanking|CountSheet)Pages$', './internal/web'], { cwd: path.resolve(import.meta.dirname, '../..'), env: { ...process.env, SHIFAN_KEEP: dir }, stdio: 'inherit' });
    const pages = readdirSync(dir).sort(), page = await browser.page();
    assert.ok(pages.length > 25, `${pages.length} pages`);
    for (const name of pages) {
      await page.goto(`${site.url}/healthz`);
      await page.setContent(readFileSync(path.join(dir, name), 'utf8'));
      await look(page, path.basename(name, '.html'));
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
});

// tryPress presses a button and tells what was answered.
async function tryPress(page, word) {
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.request().isNavigationRequest() && (r.status() < 300 || r.status() >= 400)),
    page.getByRole('main').getByRole('button', { name: word }).click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}

// push409 presses a button and wants the rule that forbids it.
async function push409(page, word, why) {
  assert.equal(await tryPress(page, word), 409);
  await says(page, why);
}
