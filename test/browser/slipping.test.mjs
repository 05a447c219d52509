// A title that slips: recheck, order to rectify, verification, revocation with a
// hearing, and the appeal; each role in a window of its own, the holder on a phone
// without script.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { browse, demo } from './lib.mjs';
import { cast, conclude, convene, enter, fill, follow, found, go, look, paper, press, refused, says, signIn, turn, words } from './steps.mjs';

const holder = '持有称号';
const name = /云杉物流/;
const voters = ['委员甲', '委员乙', '委员丙', '委员丁', '副主任委员乙', '主任委员甲']; // as many as a quorum, the one who presides last
let site, browser;
const windows = {};

// as gives the window of somebody; it is opened and signed in when first asked for.
async function as(who) {
  if (!windows[who]) {
    windows[who] = await browser.page(who === holder || who === '公众' ? { width: 360, height: 780, script: false } : undefined);
    if (who !== '公众') await enter(windows[who], site.url, who);
  }
  return windows[who];
}

// work opens the line of somebody's 工作台 that says so.
async function work(who, line) {
  const page = await as(who);
  await go(page, `${site.url}/work`);
  await follow(page, line);
  return page;
}

// decide holds a meeting about one matter, at which everybody votes alike.
async function decide(title, day, about, choice, what) {
  const meeting = await convene(await as('经办人甲'), site.url, { title, at: day, about: 'programme:jilin-party-building-base' }, about);
  const chair = await as('主任委员甲');
  await turn(chair, site.url, day);
  for (const who of voters) await signIn(await as(who), meeting);
  await go(chair, meeting);
  await press(chair, '宣布开会');
  await follow(chair, /审议第1项/);
  const item = chair.url();
  const member = await as('委员甲');
  await go(member, item);
  await follow(member, '查看材料');
  await follow(member, '会议'); // and back
  await press(chair, '开始表决');
  for (const who of voters) await cast(await as(who), item, choice);
  await conclude(chair, meeting, item, what);
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

test('recheck: assessors chosen, the report compares, the chair finds that it slipped', async () => {
  const clerk = await work('经办人甲', /开始复查 .*云杉物流/);
  await follow(clerk, '开始复查');
  await clerk.getByRole('checkbox', { name: '考核员甲' }).check();
  await press(clerk, '开始复查');
  const unit = await work(holder, /自查情况/);
  await follow(unit, '填写自查情况');
  await fill(unit, {}, '活动场所已经改作仓库。');
  await press(unit, '提交自查情况');
  await follow(unit, '查看复查');
  await says(unit, '活动场所已经改作仓库', '修改自查情况');
  const assessor = await work('考核员甲', /复查 .*云杉物流/);
  await follow(assessor, '填写复查报告');
  await fill(assessor, { 'findings.1-1': 'fails', 'findings.2-1': 'partly' });
  await press(assessor, '提交复查报告');
  await says(assessor, '退步2项', '未达到1项');
  await go(unit, unit.url());
  assert.ok(!(await words(unit)).includes('修改自查情况')); // the report is in
  const chair = await work('主任委员甲', /复查结论 .*云杉物流/);
  await follow(chair, '作出结论');
  await fill(chair, { conclusion: 'slip' }, '两项指标比命名时退步。');
  await press(chair, '确认作出结论');
  await says(chair, '主任委员', '责令限期整改');
  await follow(chair, '责令整改');
  await press(chair, '责令整改');
  await says(chair, '已责令，待送达');
});

test('rectification: served, answered item by item, verified, and not found to show', async () => {
  const clerk = await work('经办人甲', /送达整改通知 .*云杉物流/);
  await follow(clerk, '登记送达');
  await press(clerk, '登记送达，开始计算期限');
  await look(clerk, 'rectification');
  const unit = await work(holder, /整改并提交报告/);
  await look(unit, 'rectification-holder');
  const order = unit.url();
  for (const done of ['场所正在寻找，还没有定下来。', '组织生活会已经补开。']) {
    await follow(unit, /填写第[12]项/);
    await fill(unit, {}, done);
    await press(unit, '保存，上传文件');
    await unit.getByLabel('选择文件').setInputFiles({ name: `整改记录（${done.length}）.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(paper.replace('595', String(580 + done.length))) });
    await press(unit, '上传');
    await says(unit, '已上传1个文件');
    await look(unit, 'rectification-files');
    await follow(unit, '返回整改');
  }
  await follow(unit, '核对并提交整改报告');
  await press(unit, '提交整改报告');
  await says(unit, '整改报告已提交', '下一步');
  const assessor = await work('考核员甲', /验收整改 .*云杉物流/);
  await follow(assessor, '填写验收意见');
  await says(assessor, '整改记录（14）.pdf');
  await look(assessor, 'rectification-verify');
  await fill(assessor, { 'items.0': 'no' }, '现场没有见到场所。');
  await press(assessor, '提交验收意见');
  await says(await work('经办人甲', /列入会议 .*云杉物流/), '下一步', '列入议题');
  await decide('2026年第1次全体委员会议', '2026-06-29', /云杉物流/, 'no', { reason: '活动场所没有恢复。' });
  await go(unit, order);
  await says(unit, '整改效果不明显');
});

test('revocation: told, heard, decided, and what is left to the holder', async () => {
  await turn(await as('经办人甲'), site.url, '2026-06-30');
  const clerk = await work('经办人甲', /告知拟撤销称号 .*云杉物流/);
  await follow(clerk, '告知单位');
  await press(clerk, /登记送达/);
  await look(clerk, 'revocation');
  const unit = await work(holder, /陈述申辩/);
  await follow(unit, '陈述申辩');
  await look(unit, 'statement');
  await refused(unit, '下一步：核对');
  await fill(unit, {}, '新的场所将在下月启用，请求保留称号。');
  await press(unit, '下一步：核对');
  await press(unit, '提交陈述申辩');
  await says(unit, '下一步');
  await work('经办人甲', /列入会议 .*云杉物流/);
  await decide('2026年第2次全体委员会议', '2026-07-13', /云杉物流/, 'aye', {});
  await work(holder, /可以申诉/);
  await says(unit, '已撤销，可申诉', '交回办公室');
  await look(unit, 'revoked-holder');
  await follow(unit, '提出申诉');
  await look(unit, 'appeal');
  await fill(unit, {}, '新的场所已经启用。');
  await press(unit, '下一步：核对');
  await press(unit, '提交申诉');
  await says(unit, '申诉已提交', '下一步');
});

test('public: the code and the list say that it was revoked, the plaque is recalled', async () => {
  const unit = await as(holder);
  await go(unit, `${site.url}/certificates`);
  await says(unit, '已撤销', '要交回办公室');
  const code = await unit.getByRole('main').evaluate((m) => m.innerHTML.match(/\/v\/([^"?]+)/)[1]);
  const anybody = await as('公众');
  await go(anybody, `${site.url}/v/${code}`);
  await says(anybody, '已撤销', '尚未交回');
  await look(anybody, 'verification-revoked');
  await anybody.locator('summary', {hasText: '技术核验'}).click();
  await says(anybody, '在状态列表里标记', '下载核验包');
  await look(anybody, 'verification-credential');
  await go(anybody, `${site.url}/designations?state=revoked`);
  await follow(anybody, name);
  await says(anybody, '已撤销');
});
