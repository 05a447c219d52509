// Applying: a new clerk on a phone without script, from the invitation to the answer to
// a notice of defects; and a form that saves by itself on a desk.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { enter, fill, follow, found, go, look, paper, press, refused, says, scanned, words } from './steps.mjs';

let site, browser, clerk, code;
const phone = { width: 360, height: 780, script: false };
const password = '松花江边有一座老仓库';

before(async () => {
  site = await demo('--today', '2026-06-15');
  browser = await browse();
});
afterEach(() => assert.deepEqual(found(), []));
after(async () => {
  await browser?.close();
  site?.stop();
});

async function by(name, size) {
  const page = await browser.page(size);
  await enter(page, site.url, name);
  return page;
}

test('new clerk: invited, registered, and what the organisation meets', async () => {
  const before = await by('还没有申报');
  await go(before, `${site.url}/organisations`);
  code = (await words(before)).match(/5[123]22[0-9A-Z]{14}/)[0];
  await before.context().close();
  const operator = await by('系统管理员甲');
  await go(operator, `${site.url}/accounts/new`);
  await fill(operator, { login: 'xin-jingban', name: '新来的经办人', role1: 'applicant', organisation1: code, role2: null }, '');
  await press(operator, '添加账号，取得邀请链接');
  const link = (await operator.getByRole('main').innerText()).match(/http\S+\/invitations\/\S+/)[0];
  clerk = await browser.page(phone);
  await go(clerk, link);
  await look(clerk, 'invitation');
  await clerk.getByLabel('密码', { exact: true }).fill('12345678');
  await clerk.getByLabel('再输入一次密码').fill('12345678');
  await refused(clerk, '设置密码');
  await clerk.getByLabel('密码', { exact: true }).fill(password);
  await clerk.getByLabel('再输入一次密码').fill(password);
  await press(clerk, '设置密码');
  await clerk.getByLabel('登录名').fill('xin-jingban');
  await clerk.getByLabel('密码').fill(password);
  await press(clerk, '登录');
  await says(clerk, '工作台');
  await go(clerk, `${site.url}/organisations`);
  await look(clerk, 'organisation');
  await follow(clerk, '核对申报条件');
  await follow(clerk, /党建创新示范基地/);
  await says(clerk, '符合');
  await look(clerk, 'eligibility');
});

const file = (name, buffer, mimeType = 'application/pdf') => ({ name, mimeType, buffer: Buffer.from(buffer) });

test('new clerk: fill in, upload, submit', async () => {
  await go(clerk, `${site.url}/work`);
  await go(clerk, `${site.url}/calls`);
  await follow(clerk, /关于开展2026年度/);
  await follow(clerk, '开始申报');
  await press(clerk, '开始填写');
  await follow(clerk, '政治方向');
  await fill(clerk);
  await press(clerk, '保存，上传0-1的文件');
  await look(clerk, 'upload');
  const chosen = clerk.getByLabel('选择文件');
  await chosen.setInputFiles(file('章程.pdf', 'MZ\x90 this is a program'));
  await refused(clerk, '上传', '章程.pdf');
  await look(clerk, 'upload-refused');
  await chosen.setInputFiles(file('章程.pdf', paper));
  await press(clerk, '上传');
  await says(clerk, '章程.pdf');
  await look(clerk, 'uploaded');
  await follow(clerk, '返回填写');
  await says(clerk, '章程.pdf');
  await clerk.locator('textarea').first().fill('章程第四条写入党的全面领导，见所附章程。');
  for (let n = 0; n < 5; n++) {
    await press(clerk, '保存，下一部分');
    if (n < 4) await fill(clerk);
  }
  await fill(clerk, { committed: 'yes', signatory: '党支部书记 张某' });
  await press(clerk, '保存，去校对');
  await follow(clerk, '内容无误，去提交');
  await press(clerk, '提交申报');
  await says(clerk, '申报已提交');
});

test('new clerk: print, stamp, scan', async () => {
  await go(clerk, `${site.url}/work`);
  await go(clerk, clerk.url().replace(/work$/, 'applications'));
  await follow(clerk, /党建创新示范基地|2026-/);
  await follow(clerk, '核对盖章版扫描件');
  const print = await clerk.getByRole('link', { name: '申报书打印版' }).getAttribute('href');
  const pdf = await (await clerk.request.get(new URL(print, site.url).href)).body();
  await clerk.locator('#copy').setInputFiles(file('盖章版.pdf', scanned(pdf, [2])));
  await press(clerk, '核对');
  await says(clerk, '不一致', '第2页');
  await look(clerk, 'copy-differs');
  await clerk.locator('#copy').setInputFiles(file('盖章版.pdf', scanned(pdf)));
  await press(clerk, '核对');
  await says(clerk, '盖章版与提交的内容一致');
  await look(clerk, 'copy-agrees');
});

test('office: one notice of all defects; new clerk: answer it once; office: the difference', async () => {
  const number = (await words(clerk)).match(/2026-\d{3}/)[0];
  const office = await by('经办人甲');
  await office.getByRole('row').filter({ hasText: number }).getByRole('link').first().click();
  await says(office, number, '章程.pdf');
  const file = office.url();
  await follow(office, '告知补正');
  await look(office, 'request');
  await office.getByLabel('0-1 需补正').fill('章程缺核准页，请补交并在说明里写明核准日期。');
  await press(office, '下一步：核对期限');
  await look(office, 'notice-check');
  await press(office, '告知补正');
  await go(clerk, `${site.url}/work`);
  await follow(clerk, /补正/);
  await look(clerk, 'correction');
  await clerk.getByLabel('0-1 自评说明').fill('章程第四条写入党的全面领导，2024年6月30日核准，核准页已附。');
  await press(clerk, /^提交补正/);
  await says(clerk, '补正');
  await look(clerk, 'corrected');
  await go(office, file);
  await says(office, '核准页已附');
  await look(office, 'difference');
});

test('script: a form that saves by itself and counts', async () => {
  const page = await by('有一件没有提交的草稿');
  await go(page, `${site.url}/applications`);
  await follow(page, /申报|党建创新示范基地/);
  await follow(page, '党员队伍建设好');
  const box = page.getByRole('textbox', { name: /自评说明/ }).first();
  const most = Number((await page.locator('.count').first().innerText()).match(/最多(\d+)字/)[1]);
  await box.fill('一'.repeat(most + 1));
  await page.getByText('超出1字').first().waitFor();
  await box.fill('三年来发展党员12名，转出3名。');
  await page.getByRole('status').filter({ hasText: '已保存' }).waitFor();
  await page.reload();
  assert.equal(await page.getByRole('textbox', { name: /自评说明/ }).first().inputValue(), '三年来发展党员12名，转出3名。');
  await look(page, 'section-script');
});
