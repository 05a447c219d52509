// What stands on any day: the pages for everybody, a title and its recheck, the record,
// accounts and programmes, and what a page says when something is wrong.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { enter, fill, follow, found, go, look, press, refused, says, words } from './steps.mjs';

let site, browser;

before(async () => {
  site = await demo('--today', '2026-06-15');
  browser = await browse();
});
after(async () => {
  await browser?.close();
  site?.stop();
});
afterEach(() => assert.deepEqual(found(), []));

// by opens a window as somebody.
async function by(name, size) {
  const page = await browser.page(size);
  await enter(page, site.url, name);
  return page;
}

test('public: home, list of bases, verification by code', async () => {
  const page = await browser.page({ width: 360, height: 780, script: false });
  await go(page, `${site.url}/`);
  await says(page, '正在申报', '核验牌匾', '最新命名');
  await look(page, 'home-open');
  await follow(page, '查询全部名单');
  await look(page, 'designations');
  await follow(page, /云杉物流/);
  await look(page, 'designation');
  await go(page, `${site.url}/designations?q=没有这家单位`);
  await look(page, 'designations-empty');
  const holder = await by('持有称号');
  await go(holder, `${site.url}/certificates`);
  await look(holder, 'certificates');
  const code = await holder.getByRole('main').evaluate((m) => m.innerHTML.match(/\/v\/([^"?]+)/)[1]);
  await go(page, `${site.url}/v`);
  await page.getByRole('textbox', { name: '核验码' }).fill(code);
  await press(page, '核验');
  await says(page, '有效', '云杉物流');
  await look(page, 'verification');
  await page.goto(`${site.url}/v/${code.slice(0, -1)}x`);
  await look(page, 'verification-unknown');
  for (const [where, name] of [['/guide', 'guide'], ['/calls', 'calls'], ['/publicities', 'publicities'], ['/namings', 'namings'], ['/calendar', 'calendar'], ['/accessibility', 'accessibility'], ['/demo', 'demo']]) {
    await go(page, site.url + where);
    await look(page, name);
  }
  assert.equal((await page.goto(`${site.url}/no/such/page`)).status(), 404);
  await look(page, 'not-found');
});

test('holder: the recheck of a title', async () => {
  const clerk = await by('经办人甲');
  await go(clerk, `${site.url}/rechecks`);
  await look(clerk, 'rechecks');
  await follow(clerk, /云杉物流/);
  await follow(clerk, '开始复查');
  await clerk.getByRole('checkbox').first().check();
  await fill(clerk);
  await press(clerk, /复查/);
  await look(clerk, 'recheck');
  const holder = await by('持有称号', { width: 360, height: 780, script: false });
  await look(holder, 'holder-work');
  await follow(holder, /复查/);
  await follow(holder, '填写自查情况');
  await refused(holder, '提交自查情况');
  await fill(holder, {}, '三年来坚持标准，场所、制度和活动都没有减少。');
  await look(holder, 'self-report');
  await press(holder, '提交自查情况');
  await says(holder, '自查情况已提交', '下一步');
  await look(holder, 'self-reported');
  await follow(holder, '查看复查');
  await says(holder, '三年来坚持标准');
});

test('public: what a round came to, and what its holders tell', async () => {
  const page = await browser.page({ width: 360, height: 780, script: false });
  await go(page, `${site.url}/calls`);
  await follow(page, /2023年度/);
  await follow(page, '实施情况报告');
  await says(page, '本届收到申报9件', '各环节件数');
  await look(page, 'round-report');
  await go(page, `${site.url}/stories`);
  await look(page, 'public-stories');
  await follow(page, '把培训办到车间去');
  await says(page, '会议室里坐不满', '经持有单位同意公开');
  await look(page, 'public-story');
});

test('office: the figures, and the table arranged; what is rare stands behind 更多', async () => {
  const page = await by('经办人甲');
  assert.equal(await page.evaluate(() => new Set([...document.querySelectorAll('.topbar nav > ul > li')].filter((l) => l.offsetParent).map((l) => l.offsetTop)).size), 1, 'the bar takes more than a line');
  await page.locator('.topbar summary').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '日历' }).waitFor();
  await go(page, `${site.url}/statistics`);
  await look(page, 'statistics');
  await follow(page, '2023年度');
  await says(page, '各环节去向', '会议审定');
  await look(page, 'round-statistics');
  await follow(page, '汇总表');
  await look(page, 'tabulation');
});

test('auditor: the record', async () => {
  const page = await by('审计员甲');
  await go(page, `${site.url}/record`);
  await look(page, 'record');
  await says(page, '存证');
});

test('operator: accounts and programmes', async () => {
  const page = await by('系统管理员甲');
  await go(page, `${site.url}/accounts`);
  await look(page, 'accounts');
  await follow(page, '添加账号');
  await refused(page, '添加账号，取得邀请链接');
  await fill(page, { login: 'zhang01', name: '审核员02', role1: 'clerk', role2: null }, '');
  await look(page, 'account-new');
  await press(page, '添加账号，取得邀请链接');
  await says(page, '邀请');
  await go(page, `${site.url}/programmes`);
  await look(page, 'programmes');
  await follow(page, /党建创新示范基地/);
  await look(page, 'programme');
  assert.equal((await page.goto(`${site.url}/applications`)).status(), 403);
  await look(page, 'forbidden');
});

test('keyboard: the first stop skips to the text, and what is wrong takes the focus', async () => {
  const page = await browser.page();
  await go(page, `${site.url}/login`);
  await look(page, 'login');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#main');
  await page.getByLabel('登录名').fill('nobody');
  await page.getByLabel('密码').fill('not the password');
  await page.keyboard.press('Enter');
  await page.locator('.error-summary').waitFor();
  await says(page, '错误：');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'error-summary');
  assert.equal(await page.getByLabel('登录名').inputValue(), 'nobody', (await words(page)));
});

test('keyboard: stops come in the order in which they are read, each in sight', async () => {
  const page = await by('经办人甲');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  let last = { y: 0 };
  for (let stops = 0; ; stops++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const e = document.activeElement, box = e.getBoundingClientRect();
      return { word: e.innerText, over: e === document.body, y: box.y + scrollY, seen: box.bottom > 0 && box.top < innerHeight && getComputedStyle(e).outlineStyle !== 'none' };
    });
    if (stop.over) {
      assert.ok(stops > 20, `only ${stops} stops`);
      break;
    }
    assert.ok(stops < 200, 'the keyboard is trapped');
    assert.ok(stop.seen, `nobody sees where ${stop.word} is`);
    assert.ok(stop.y > last.y - 24, `${stop.word} comes after ${last.word}, which stands below it`);
    last = stop;
  }
});
