// A long form with script: it saves itself, says how it stands, and loses nothing
// when the network is gone, another clerk was quicker or the session ended.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { browse, demo, judge, picture, sideways } from './lib.mjs';
import { enter, follow, go, paper, press, says } from './steps.mjs';

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

test('several files: one refused, one cancelled, one goes on after a closed tab', async () => {
  await go(page, section);
  await press(page, '保存，上传0-1的文件');
  const there = page.url();
  const folder = mkdtempSync(path.join(tmpdir(), 'shifan-'));
  const made = (name, body) => {
    writeFileSync(path.join(folder, name), body);
    return path.join(folder, name);
  };
  const large = made('年度工作总结.pdf', `${paper}${'\n'.repeat(9 << 20)}${paper.slice(paper.indexOf('trailer'))}`);
  const unwanted = made('不要了.pdf', '\n'.repeat(5 << 20));
  const line = (name) => page.locator('[data-sending] li').filter({ hasText: name });
  const chosen = page.getByLabel('选择文件');
  // The line breaks after the first piece of the large files; the small ones are through.
  let pieces = 0;
  await page.route('**/uploads/upl_*', (r) => {
    const from = Number(r.request().headers()['upload-offset'] ?? -1);
    if (from > 0) return r.abort('connectionreset');
    if (from === 0) pieces++;
    return r.continue();
  });
  await chosen.setInputFiles([made('章程.pdf', paper), made('表格.pdf', 'MZ\x90 this is a program'), large, unwanted]);
  await page.getByRole('button', { name: '上传', exact: true }).click();
  await line('章程.pdf').getByText('已上传').waitFor();
  await line('表格.pdf').getByText(/没有上传：“表格.pdf”是/).waitFor();
  await line('年度工作总结.pdf').getByText('网络断了').waitFor();
  await line('年度工作总结.pdf').getByRole('button', { name: '接着传' }).waitFor();
  await line('不要了.pdf').getByText('网络断了').waitFor();
  assert.equal(pieces, 4);
  assert.deepEqual(await judge(page), []);
  assert.equal(await sideways(page), 0);
  if (process.env.SHIFAN_PICTURES) await picture(page, 'uploading-1280');
  await page.getByRole('button', { name: '取消“不要了.pdf”' }).click();
  await line('不要了.pdf').waitFor({ state: 'detached' });
  // The tab is closed. Later the page says what is unfinished, and the same file goes on.
  await page.unroute('**/uploads/upl_*');
  await page.goto('about:blank');
  await go(page, there);
  await says(page, '没有传完的文件', '年度工作总结.pdf', '已传4 MB', '章程.pdf');
  const offsets = [];
  page.on('request', (r) => { if (r.headers()['upload-offset']) offsets.push(Number(r.headers()['upload-offset'])); });
  await chosen.setInputFiles(large);
  await page.getByRole('button', { name: '上传', exact: true }).click();
  await line('年度工作总结.pdf').getByText('已上传').waitFor();
  assert.deepEqual(offsets, [4 << 20, 8 << 20]);
  await page.locator('#files').getByText('没有传完的文件').waitFor({ state: 'detached' });
  await page.locator('#files').getByRole('link', { name: '年度工作总结.pdf' }).waitFor();
  assert.equal(await page.getByText('不要了.pdf').count(), 0);
  rmSync(folder, { recursive: true });
  await go(page, section);
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

test('a review is gone through by keys', async () => {
  const clerk = await browser.page();
  await enter(clerk, site.url, '经办人甲');
  await go(clerk, `${site.url}/reviews`);
  for (const at of await clerk.locator('tbody th a').evaluateAll((all) => all.map((a) => a.href))) {
    await go(clerk, at);
    if (await clerk.locator('[data-keys]').count()) break; // another clerk's is only read
  }
  await clerk.locator('[data-keys]').waitFor(); // the script is there
  await clerk.locator('.criterion > summary').first().focus();
  const seen = [];
  for (const key of ['j', '3', 'j', 'k', 'r', 'j']) {
    await clerk.keyboard.press(key);
    seen.push(await clerk.evaluate(() => {
      const all = [...document.querySelectorAll('.criterion')];
      const e = document.activeElement;
      return [all.indexOf(e.closest('.criterion')), e.tagName, e.checked ? e.value : ''].join(' ');
    }));
  }
  // What is typed is text: the last key stays in the box.
  assert.deepEqual(seen, ['1 SUMMARY ', '1 INPUT doubtful', '2 SUMMARY ', '1 SUMMARY ', '1 TEXTAREA ', '1 TEXTAREA ']);
  assert.equal(await clerk.evaluate(() => document.activeElement.value), 'j');
});
