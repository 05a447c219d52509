// A visit without a network: a phone is taken offline in the middle of it, filled, closed,
// opened again and taken online; a second device writes the same field; the opinion is
// handed in while a third thing waits; and nothing stays on a phone for somebody else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { enter, fill, follow, found, go, look, press, says, turn } from './steps.mjs';

let site, browser, sheet, leader, second;
const phone = { width: 360, height: 780 };

before(async () => {
  site = await demo('--today', '2026-06-15');
  browser = await browse();
});
afterEach(() => assert.deepEqual(found(), []));
after(async () => {
  await browser?.close();
  site?.stop();
});

const stands = (page, text) => page.locator('[data-stands]', { hasText: text }).waitFor();

// a picture that a browser draws, made by one.
async function photo(page) {
  const url = await page.evaluate(() => {
    const c = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
    c.getContext('2d').fillRect(5, 5, 20, 20);
    return c.toDataURL('image/jpeg');
  });
  return { name: '活动室.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(url.split(',')[1], 'base64') };
}

test('a visit is arranged, and its day comes', async () => {
  const clerk = await browser.page();
  await enter(clerk, site.url, '经办人甲');
  await follow(clerk, /组织考核组 .*山杨物流/);
  sheet = clerk.url() + '/checklist';
  await follow(clerk, '组织考核组');
  await fill(clerk);
  for (const name of ['考核员甲', '考核员乙', '考核员丙']) await clerk.getByRole('checkbox', { name }).check();
  await clerk.getByLabel('组长').selectOption({ label: await clerk.getByLabel('组长').locator('option', { hasText: '考核员甲' }).innerText() });
  await press(clerk, '保存考核组');
  await follow(clerk, '安排考核时间');
  const [, y, m, d] = (await clerk.getByRole('main').innerText()).match(/最早(\d+)年(\d+)月(\d+)日/);
  const day = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  await fill(clerk, { on: day, place: '单位会议室' });
  await press(clerk, '保存并通知');
  await turn(clerk, site.url, day);
  leader = await browser.page(phone);
  await enter(leader, site.url, '考核员甲');
  await go(leader, sheet);
  await stands(leader, /全部已上传，/); // and the page is kept
  await leader.evaluate(() => navigator.serviceWorker.ready);
  await look(leader, 'checklist');
});

test('filled without a network, closed, opened again: nothing is lost', async () => {
  await leader.context().setOffline(true);
  await leader.getByLabel('已到场').check();
  await leader.locator('[name="records.papers.text"]').fill('会议记录十二次，齐全。');
  await leader.locator('[name="records.interviews.people"]').fill('12');
  await leader.locator('[data-photo=""]').setInputFiles(await photo(leader));
  await stands(leader, '还有3项、1张照片没有上传');
  leader = await browser.again(leader, `${site.url}/work`);
  await says(leader, '没有网络');
  await leader.getByRole('link', { name: /山杨物流/ }).waitFor();
  await leader.getByText('4项没有上传').waitFor();
  await look(leader, 'offline');
  leader = await browser.again(leader, sheet);
  await stands(leader, '还有3项、1张照片没有上传');
  assert.equal(await leader.locator('[name="records.papers.text"]').inputValue(), '会议记录十二次，齐全。');
  assert.ok(await leader.getByLabel('已到场').isChecked());
  assert.equal(await leader.locator('[data-shot] canvas').count(), 1);
  await look(leader, 'checklist-offline');
});

test('a second device wrote the same field: both are shown, one is chosen', async () => {
  second = await browser.page(phone);
  await enter(second, site.url, '考核员乙');
  await go(second, sheet);
  await stands(second, /全部已上传，/);
  await second.locator('[name="records.papers.text"]').fill('会议记录缺两次。');
  await second.locator('[name="records.premises.text"]').fill('标识规范。');
  await second.getByRole('button', { name: '现在上传' }).click();
  await stands(second, /全部已上传，/);
  await leader.context().setOffline(false);
  const differ = leader.locator('[data-differ]');
  await differ.waitFor();
  assert.equal(await differ.count(), 1, 'of different fields nothing is a conflict');
  const text = await differ.innerText();
  for (const part of ['会议记录十二次，齐全。', '会议记录缺两次。', '考核员甲', '考核员乙']) assert.ok(text.includes(part), text);
  await stands(leader, /全部已上传，/);
  assert.equal(await leader.locator('[name="records.premises.text"]').inputValue(), '标识规范。');
  await look(leader, 'checklist-conflict');
  await leader.getByRole('button', { name: /^用考核员乙/ }).click();
  await differ.waitFor({ state: 'detached' });
  await stands(leader, /全部已上传，/);
  await go(leader, sheet.replace('checklist', 'deliberation'));
  await says(leader, '活动室.jpg', '到场签到');
  await look(leader, 'deliberation');
});

test('closed meanwhile: the phone keeps it, gives it as a file, and asks before it goes', async () => {
  await second.context().setOffline(true);
  await second.locator('[name="records.premises.text"]').fill('标识规范，另有一处待补。');
  await stands(second, '还有1项没有上传');
  await go(leader, sheet.replace('checklist', 'report'));
  await fill(leader);
  await press(leader, '提交考核意见');
  await second.context().setOffline(false);
  await stands(second, /不再接收现场记录.*还有1项没有上传/);
  await look(second, 'checklist-closed');
  const [file] = await Promise.all([second.waitForEvent('download'), second.getByRole('button', { name: '存成文件' }).click()]);
  const kept = JSON.parse(readFileSync(await file.path(), 'utf8'));
  assert.equal(kept.edits[0].value, '标识规范，另有一处待补。');
  await second.setViewportSize({ width: 1280, height: 900 });
  await second.getByRole('button', { name: '退出' }).first().click();
  await second.getByText('没有上传，退出会一起清除').waitFor();
  await Promise.all([second.waitForURL(/login/), second.getByRole('button', { name: '清除并退出' }).click()]);
  assert.equal(await second.evaluate(() => new Promise((done) => {
    indexedDB.open('shifan').onsuccess = (e) => { e.target.result.transaction('sheets').objectStore('sheets').count().onsuccess = (c) => done(c.target.result); };
  })), 0, 'something stayed on the phone');
});

test('another account on the same phone sees nothing of it', async () => {
  await enter(leader, site.url, '考核员丙');
  await leader.waitForFunction(() => new Promise((done) => {
    indexedDB.open('shifan').onsuccess = (e) => { e.target.result.transaction('sheets').objectStore('sheets').get('who').onsuccess = (r) => done(r.target.result?.who === document.querySelector('[data-who]').dataset.who); };
  }));
  await leader.context().setOffline(true);
  await leader.goto(sheet);
  await says(leader, '没有网络');
  assert.equal(await leader.locator('[data-kept] li').count(), 0);
});
