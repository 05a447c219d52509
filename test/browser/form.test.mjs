// A long form with script: it saves itself, says how it stands, and loses nothing
// when the network is gone, another clerk was quicker or the session ended.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { enter, follow, go, press, says } from './steps.mjs';

let site, browser, page, section;
const statement = () => page.locator('textarea').first();
const status = (what) => page.locator('[data-status]').filter({ hasText: what }).waitFor();

before(async () => {
  site = await demo('--today', '2026-06-15');
  browser = await browse();
  page = await browser.page();
  await enter(page, site.url, '还没有申报');
  await go(page, `${site.url}/calls`);
  await follow(page, /关于开展2026年度/);
  await follow(page, '开始申报');
  await press(page, '开始填写');
  await follow(page, '政治方向');
  section = page.url();
});
after(async () => {
  await browser?.close();
  site?.stop();
});

test('saves itself a moment after typing, and counts as one types', async () => {
  await statement().fill('党支部每年研究2次，𠮷。');
  await page.locator('.count').first().getByText('12/500字').waitFor();
  await status(/已保存。上次保存 \d\d:\d\d/);
  await page.locator('input[type=radio]').first().check();
  await status('未保存');
  await status('已保存');
  await go(page, section);
  assert.equal(await statement().inputValue(), '党支部每年研究2次，𠮷。');
  assert.ok(await page.locator('input[type=radio]').first().isChecked());
});

test('without a network nothing is lost, and it saves when there is one again', async () => {
  await page.context().setOffline(true);
  await statement().fill('断网时写的。');
  await status('未保存：网络不通');
  await page.context().setOffline(false);
  await status('已保存');
  await go(page, section);
  assert.equal(await statement().inputValue(), '断网时写的。');
});

test('two clerks: what both changed stands side by side, the rest is saved', async () => {
  const other = await page.context().newPage();
  await other.goto(section);
  await other.locator('textarea').first().fill('另一位经办人写的。');
  await other.locator('textarea').nth(1).fill('另一位写的第二项。');
  await other.locator('[data-status]').filter({ hasText: '已保存' }).waitFor();
  await other.close();
  await statement().fill('这边写的。');
  await status('刚被别人改过');
  await page.getByRole('button', { name: '对照两边的内容' }).click();
  await page.locator('.error-summary').waitFor();
  await says(page, '别人先改过了', '现在保存的', '另一位经办人写的。');
  assert.equal(await statement().inputValue(), '这边写的。');
  assert.equal(await page.locator('textarea').nth(1).inputValue(), '另一位写的第二项。');
  await press(page, '保存，回任务清单');
  await go(page, section);
  assert.equal(await statement().inputValue(), '这边写的。');
});

test('after the session ended the text is still there', async () => {
  await page.context().clearCookies();
  await statement().fill('登录过期以后写的。');
  await status('登录已超过时限');
  await page.getByRole('link', { name: '重新登录' }).waitFor();
  await enter(page, site.url, '还没有申报');
  await go(page, section);
  await status(/已恢复|已保存/);
  await status('已保存');
  await go(page, section);
  assert.equal(await statement().inputValue(), '登录过期以后写的。');
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});
