// Steps that journeys share: become somebody of the demonstration, move its clock,
// fill a form in, and look at a page as three kinds of people see it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { judge, picture, sideways } from './lib.mjs';

// enter becomes somebody of the demonstration and stands on the 工作台.
export async function enter(page, base, name) {
  await page.goto(`${base}/demo`);
  await page.locator('form.task').filter({ hasText: name }).first().getByRole('button').click();
  await says(page, '工作台');
}

// press presses a button or follows a link by its word, in the main part of the page
// or else anywhere, and fails when the answer is an error.
export async function press(page, word, role = 'button') {
  const status = await push(page, word, role);
  assert.ok(status < 400, `${word}: ${status} ${page.url()} ${await words(page)}`);
}

// refused presses a button and wants the page back with an error summary that says so.
export async function refused(page, word, ...why) {
  assert.equal(await push(page, word, 'button'), 422);
  await says(page, '错误：', ...why);
}

async function push(page, word, role) {
  const main = page.getByRole('main').getByRole(role, { name: word });
  const wanted = (await main.count()) > 0 ? main.first() : page.getByRole(role, { name: word }).first();
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.request().isNavigationRequest() && (r.status() < 300 || r.status() >= 400)),
    wanted.click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}

export const follow = (page, word) => press(page, word, 'link');

// go opens an address and wants a page there.
export async function go(page, url) {
  const answer = await page.goto(url);
  assert.equal(answer.status(), 200, `${url}: ${await words(page)}`);
}

// words is what the main part of a page says.
export const words = async (page) => (await page.getByRole('main').innerText()).slice(0, 600);

// says wants a page to say something.
export async function says(page, ...wanted) {
  const text = await page.getByRole('main').innerText();
  for (const w of wanted) {
    assert.ok(w instanceof RegExp ? w.test(text) : text.includes(w), `${page.url()} does not say ${w}:\n${text.slice(0, 1500)}`);
  }
}

// turn moves the clock of the demonstration to 9:00 of a day.
export async function turn(page, base, day) {
  await page.goto(`${base}/demo`);
  await page.getByLabel('或者拨到某日 9:00').fill(day);
  await press(page, '拨到这一天');
}

// fill fills in what is empty on a page's form: the first choice of each question,
// the first of a list, and some words where words are asked for. what says what a field
// gets instead, by its name; null leaves it alone.
export async function fill(page, what = {}, text = '三年来每年有安排、有记录、有检查，详见所附材料。') {
  await page.evaluate(([given, filler]) => {
    const asked = new Set();
    for (const e of document.querySelectorAll('main form :is(input, textarea, select)')) {
      if (!e.name || e.type === 'hidden' || given[e.name] === null) continue;
      if (e.type === 'radio') {
        const wanted = given[e.name] ? e.value === given[e.name] : !asked.has(e.name) && !document.querySelector(`[name="${CSS.escape(e.name)}"]:checked`);
        if (wanted) e.checked = true;
        asked.add(e.name);
      } else if (e.type === 'checkbox') {
        e.checked = given[e.name] === undefined ? e.checked : [].concat(given[e.name]).includes(e.value);
      } else if (given[e.name] !== undefined) {
        e.value = given[e.name];
      } else if (e.tagName === 'SELECT') {
        if (!e.value) e.value = [...e.options].find((o) => o.value)?.value;
      } else if (!e.value && e.type !== 'date' && !/skipped|absent|dissent|why|q$/.test(e.name)) {
        e.value = e.inputMode === 'numeric' ? '10' : filler;
      }
    }
  }, [what, text]);
}

const nothing = async () => {};

// visited has a unit visited: the team is formed, the day fixed and confirmed, and the
// form filled in and signed by all three. as gives the window of somebody.
export async function visited(as, base, phone, shown = nothing) {
  const clerk = await as('经办人甲');
  await go(clerk, `${base}/work`);
  await follow(clerk, /组织考核组 .*山杨物流/);
  await follow(clerk, '组织考核组');
  await fill(clerk);
  for (const name of ['考核员甲', '考核员乙', '考核员丙']) await clerk.getByRole('checkbox', { name }).check();
  await clerk.getByLabel('组长').selectOption({ label: await clerk.getByLabel('组长').locator('option', { hasText: '考核员甲' }).innerText() });
  await press(clerk, '保存考核组');
  await follow(clerk, '安排考核时间');
  const earliest = (await clerk.getByRole('main').innerText()).match(/最早(\d+)年(\d+)月(\d+)日/);
  const day = `${earliest[1]}-${earliest[2].padStart(2, '0')}-${earliest[3].padStart(2, '0')}`;
  await fill(clerk, { on: day, place: '单位会议室' });
  await press(clerk, '保存并通知');
  await shown(clerk, 'visit-scheduled');
  const held = await as('已提交，正在办理', phone);
  await follow(held, /考核/);
  await press(held, '确认时间');
  await says(held, '已确认');
  await shown(held, 'visit-organisation');
  await turn(held, base, day);
  const leader = await as('考核员甲', phone);
  await follow(leader, /山杨物流/);
  await follow(leader, '填写考核情况');
  await shown(leader, 'visit-form');
  await fill(leader);
  await press(leader, '提交考核意见');
  for (const name of ['考核员甲', '考核员乙', '考核员丙']) {
    const page = await as(name, phone);
    await go(page, `${base}/work`);
    await follow(page, /山杨物流/);
    await follow(page, '签署考核意见');
    await press(page, '签署考核意见');
  }
  await shown(leader, 'visit-signed');
}

// convene calls a meeting about one matter and sends its papers out. shown is told of
// each page on the way. It answers with the meeting's address.
export async function convene(clerk, base, what, about, shown = nothing) {
  await go(clerk, `${base}/meetings/new`);
  await fill(clerk, { place: '三楼会议室', attending: '', ...what });
  await shown(clerk, 'convene');
  await press(clerk, '召集会议');
  await clerk.getByRole('checkbox', { name: about }).check();
  await press(clerk, '列入议题');
  await press(clerk, '送达议题和材料');
  await shown(clerk, 'meeting-convened');
  return clerk.url();
}

// signIn makes somebody present at a meeting.
export async function signIn(page, meeting) {
  await go(page, meeting);
  await press(page, '签到');
}

// cast gives one vote on an item.
export async function cast(page, item, choice, shown = nothing) {
  await go(page, item);
  await fill(page, { choice });
  await shown(page, 'ballot');
  await press(page, '核对并投票');
  await shown(page, 'ballot-check');
  await press(page, /^投票：/);
  await says(page, '已投票');
}

// conclude ends the vote on the only item of a meeting, declares what came out, and
// closes the meeting.
export async function conclude(chair, meeting, item, what = {}, shown = nothing) {
  await go(chair, item);
  await follow(chair, '结束表决');
  await press(chair, '确认结束表决');
  await follow(chair, '宣布结果');
  await shown(chair, 'declare');
  await fill(chair, { reason: null, ...what });
  await press(chair, /^宣布：/);
  await go(chair, meeting);
  await follow(chair, '闭会');
  await press(chair, '确认闭会');
}

// What look found wrong, until somebody asks.
let faults = [];

// found gives what look found wrong since it was last asked.
export function found() {
  const all = faults;
  faults = [];
  return all;
}

// The pages that most people see most: they are judged in each size. What the sizes
// change on others is how wide they are.
const main = ['home', 'call', 'tasks', 'section', 'review', 'visit-form', 'meeting-console', 'publicity', 'designations', 'verification', 'ballot', 'objection'];

// look keeps pictures of the page on a desk, on a phone and in 大字版, and notes where it
// is not accessible or wider than the screen. The pictures are for people: they are
// taken when SHIFAN_PICTURES is set.
export async function look(shown, name) {
  const page = await shown.copy();
  for (const [kind, width, size] of [['1280', 1280, 'normal'], ['large', 1280, 'large'], ['360-large', 360, 'large'], ['360', 360, 'normal']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate((s) => { document.documentElement.dataset.size = s; }, size);
    const wide = await sideways(page);
    if (wide > 0) faults.push(`${name} ${kind}: scrolls ${wide} px sideways by ${await widest(page)}`);
    if (kind === '360-large') continue;
    if (process.env.SHIFAN_PICTURES) await picture(page, `${name}-${kind}`);
    if (kind !== '1280' && !main.includes(name)) continue;
    faults.push(...(await judge(page)).map((v) => `${name} ${kind}: ${v}`));
  }
}

// widest says which element reaches furthest beyond the right edge.
const widest = (page) => page.evaluate(() => {
  const edge = document.documentElement.clientWidth;
  const over = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > edge + 1);
  const e = over.find((o) => ![...o.children].some((c) => over.includes(c)));
  return e ? `${e.outerHTML.slice(0, 120)} in ${e.parentElement.outerHTML.slice(0, 120)}` : 'nothing that has a box';
});

// paper is a PDF of one empty page.
export const paper = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n'
  + '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

// scanned is what a scanner makes of the pages of a PDF, at 200 dpi: a PDF of one
// picture a page and no text. leave says which pages were forgotten in it.
export function scanned(pdf, leave = []) {
  const dir = mkdtempSync(path.join(tmpdir(), 'scan-'));
  try {
    writeFileSync(path.join(dir, 'in.pdf'), pdf);
    execFileSync('pdftoppm', ['-r', '200', '-gray', '-jpeg', path.join(dir, 'in.pdf'), path.join(dir, 'page')]);
    const pages = readdirSync(dir).filter((n) => n.endsWith('.jpg')).sort().filter((_, n) => !leave.includes(n + 1));
    const out = [Buffer.from('%PDF-1.4\n')];
    const kids = pages.map((_, n) => `${3 + 2 * n} 0 R`).join(' ');
    out.push(Buffer.from(`1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>endobj\n`));
    pages.forEach((name, n) => {
      const jpeg = readFileSync(path.join(dir, name));
      const [width, height] = sizeOf(jpeg);
      out.push(Buffer.from(`${3 + 2 * n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</P ${4 + 2 * n} 0 R>>>>>>endobj\n`
        + `${4 + 2 * n} 0 obj<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length ${jpeg.length}>>stream\n`), jpeg, Buffer.from('\nendstream endobj\n'));
    });
    out.push(Buffer.from('trailer<</Root 1 0 R>>\n%%EOF\n'));
    return Buffer.concat(out);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

// sizeOf reads width and height from the frame header of a JPEG.
function sizeOf(jpeg) {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    if (jpeg[at + 1] >= 0xc0 && jpeg[at + 1] <= 0xc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  throw new Error('no frame in the JPEG');
}
