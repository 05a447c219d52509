// One round in a browser, from the open call to the title on the wall: each role in a
// window of its own, all in one demonstration whose clock is moved on.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { cast, conclude, convene, enter, fill, follow, found, go, look, press, refused, says, signIn, turn, visited, words } from './steps.mjs';

const applicant = '还没有申报';
let site, browser, home;
const windows = {};
const phone = { width: 360, height: 780, script: false };

// as gives the window of somebody; it is opened and signed in when first asked for.
async function as(name, size) {
  if (!windows[name]) {
    windows[name] = await browser.page(size);
    if (name !== '公众') await enter(windows[name], site.url, name);
  }
  return windows[name];
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


test('applicant: from the call to the receipt', async () => {
  const page = await as(applicant);
  await go(page, `${site.url}/calls`);
  await follow(page, /关于开展2026年度/);
  await look(page, 'call');
  await follow(page, '开始申报');
  await press(page, '开始填写');
  await says(page, '当前环节', '截止');
  await look(page, 'tasks');
  await follow(page, '政治方向');
  await press(page, '保存，下一部分'); // nothing typed: a draft is never refused
  await page.goBack();
  await fill(page);
  await look(page, 'section');
  for (let n = 0; n < 5; n++) {
    await press(page, '保存，下一部分');
    if (n < 4) await fill(page);
  }
  await fill(page, { committed: 'yes', signatory: '党支部书记 张某' });
  await press(page, '保存，去校对');
  await look(page, 'check-answers');
  await follow(page, '内容无误，去提交');
  await press(page, '提交申报');
  await says(page, '申报已提交', '2026-');
  await look(page, 'receipt');
});


test('clerk: accept, review, hand over; director: confirm', async () => {
  const clerk = await as('经办人甲');
  await look(clerk, 'work');
  await follow(clerk, /受理 .*云杉软件/);
  await look(clerk, 'intake');
  await follow(clerk, '受理');
  await look(clerk, 'accept');
  await press(clerk, '受理');
  await says(clerk, '已受理');
  await go(clerk, `${site.url}/work`);
  await follow(clerk, /初审 .*钻天柳/);
  await look(clerk, 'review');
  await refused(clerk, '提交复核', '指标 0-1 还没有结论');
  await look(clerk, 'review-errors');
  await press(clerk, /^暂存，写.*的批注$/);
  await fill(clerk, {}, '决议没有写明日期，请对照原件再核一次。');
  await press(clerk, '写上批注');
  await says(clerk, '批注已写上', '待核', '决议没有写明日期');
  await look(clerk, 'review-notes');
  await follow(clerk, '返回初审');
  await fill(clerk);
  await press(clerk, '提交复核');
  await look(clerk, 'reviewed');
  const director = await as('办公室负责人甲');
  await follow(director, /钻天柳/);
  await follow(director, '确认初审意见');
  await look(director, 'review-confirm');
  await press(director, '确认初审意见');
  await says(director, '初审意见已确认', '实地考核');
  await look(director, 'review-confirmed');
});

test('assessor: a visit on a phone', () => visited(as, site.url, phone, look));

const voters = ['委员甲', '委员乙', '委员丙', '委员丁', '委员戊', '副主任委员乙', '主任委员甲']; // the one who presides last

test('committee: a meeting in ten windows, from the summons to the minutes', async () => {
  const clerk = await as('经办人甲');
  const meeting = await convene(clerk, site.url, { title: '2026年第1次全体委员会议', at: '2026-06-29' }, /山杨物流/, look);
  const chair = await as('主任委员甲');
  await turn(chair, site.url, '2026-06-29');
  for (const name of [...voters, '委员己']) {
    const page = await as(name, name === '委员甲' ? phone : undefined);
    await signIn(page, meeting);
  }
  await go(chair, meeting);
  await press(chair, '宣布开会');
  await follow(chair, /审议第1项/);
  await look(chair, 'meeting-console');
  const item = chair.url();
  const recused = await as('委员己');
  await go(recused, `${item}/recuse`);
  await fill(recused, {}, '曾任该单位顾问');
  await press(recused, '登记回避');
  await says(recused, '本项已回避');
  await go(chair, item);
  await press(chair, '开始表决');
  for (const name of voters) {
    await cast(await as(name), item, name === '委员乙' ? 'no' : 'aye', name === '委员甲' ? look : undefined);
  }
  const wall = await as('监票人甲');
  await go(wall, `${item}/projector`);
  await look(wall, 'projector');
  await conclude(chair, meeting, item, {}, look);
  await go(clerk, `${meeting}/notes`);
  await fill(clerk, {}, '会议听取了初审和考核情况汇报，逐项审议并表决。');
  await press(clerk, '保存');
  await go(clerk, `${meeting}/minutes`);
  await look(clerk, 'minutes');
  await says(clerk, '山杨物流', '通过');
});

test('public: the list, an objection with its receipt, and how it stands', async () => {
  const clerk = await as('经办人甲');
  await go(clerk, `${site.url}/publicities/new`);
  await fill(clerk);
  await look(clerk, 'publicity-draft');
  await press(clerk, '保存草稿');
  const director = await as('办公室负责人甲');
  await go(director, clerk.url());
  await follow(director, '核对并发布');
  await look(director, 'publicity-publish');
  await press(director, '发布公示');
  await look(director, 'publicity-published');
  const anybody = await as('公众', phone);
  await go(anybody, `${site.url}/`);
  await says(anybody, '正在公示', '还剩5个工作日');
  await look(anybody, 'home');
  await follow(anybody, '查看名单');
  await says(anybody, '山杨物流', '24:00');
  await look(anybody, 'publicity');
  await go(anybody, `${anybody.url()}/objections/new`);
  await refused(anybody, '下一步：核对');
  await fill(anybody, { contact: '长春市某街1号', name: '张某' }, '2025年2月曾受到警告处罚，可向登记机关核实。');
  await look(anybody, 'objection');
  await press(anybody, '下一步：核对');
  await look(anybody, 'objection-check');
  await press(anybody, '提交异议');
  await says(anybody, '异议已收到', '查询码');
  await look(anybody, 'objection-receipt');
  const code = (await words(anybody)).match(/查询码\s+([0-9a-z-]{16,})/)[1];
  await follow(anybody, '查询进度');
  await anybody.getByLabel('查询码').fill(code);
  await press(anybody, '查询');
  await look(anybody, 'objection-query');
  await says(anybody, /(待|未)?登记|收到/);
});

test('office: look into the objection, and name who stands unopposed', async () => {
  const clerk = await as('经办人甲');
  await go(clerk, `${site.url}/work`);
  await follow(clerk, /发布并登记 2026年度/);
  await fill(clerk, { url: 'https://mzt.example.org/gongshi/2026.html', sha256: null, at: '2026-06-29', 'at-time': '09:00', acknowledged: 'yes' });
  await press(clerk, '登记');
  const third = await as('经办人丙');
  await go(third, `${site.url}/work`);
  await follow(third, /登记立案 .*山杨物流/);
  await press(third, '登记立案');
  const director = await as('办公室负责人甲');
  await go(director, third.url());
  await director.getByLabel('由谁核查').selectOption({ label: '经办人丙' });
  await press(director, '分派');
  await go(third, third.url());
  await follow(third, '作出核查结论');
  await fill(third, { founded: 'no' }, '经查登记机关出具的证明，没有受过处罚。');
  await press(third, '提交结论');
  await go(director, director.url());
  await follow(director, '审核并答复');
  await fill(director, {}, '经核查，所反映的情况不属实。');
  await press(director, '下一步：核对');
  await press(director, '确认答复');
  await turn(director, site.url, '2026-07-08');
  await go(clerk, `${site.url}/work`);
  await follow(clerk, /命名/);
  await fill(clerk);
  if (await clerk.getByRole('button', { name: '保存名单' }).count()) await press(clerk, '保存名单');
  const naming = clerk.url();
  for (const name of ['办公室负责人甲', '主任委员甲']) {
    const page = await as(name);
    await go(page, naming);
    await follow(page, '核对并放行');
    await press(page, '放行名单');
  }
  await go(director, naming);
  await follow(director, '核对并印发');
  await press(director, '印发命名通知');
  const anybody = await as('公众');
  await go(anybody, `${site.url}/`);
  await says(anybody, '最新命名', '山杨物流', '有效');
});
