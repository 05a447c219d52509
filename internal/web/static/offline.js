// Checklists (考核单) on a phone without a network. What is written and photographed
// stands in the device's own database (IndexedDB) until the server has it, and so does
// the page; the service worker (worker.js) gives it out when there is no network. The
// rules are the server's (lifecycle/checklist): an edit names what it replaces, and what
// two people wrote without knowing of each other stays, both, until one chooses.

const sheets = 'sheets', shots = 'shots', days = 30 * 24 * 3600 * 1000;

// base opens the database; make says that it may be made.
function base(make) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('shifan', 1);
    opening.onupgradeneeded = () => {
      if (!make) return opening.transaction.abort();
      opening.result.createObjectStore(sheets);
      opening.result.createObjectStore(shots);
    };
    opening.onerror = () => make ? reject(opening.error) : resolve(undefined);
    opening.onsuccess = () => resolve(opening.result);
  });
}

// within runs something in one transaction and gives its result when that is kept.
async function within(make, does) {
  const db = await base(make);
  if (!db) return undefined;
  return new Promise((resolve, reject) => {
    const tx = db.transaction([sheets, shots], 'readwrite', { durability: 'strict' });
    let result;
    tx.oncomplete = () => { db.close(); resolve(result); };
    tx.onabort = () => { db.close(); reject(tx.error); };
    does(tx.objectStore(sheets), tx.objectStore(shots), (r) => { result = r; });
  });
}

const all = (who) => IDBKeyRange.bound(`${who} `, `${who} \uffff`);

// mine lists the checklists that somebody keeps on this device, with what is not sent.
async function mine(who) {
  const found = await within(false, (s, p, give) => {
    s.getAll(all(who)).onsuccess = (e) => {
      const list = e.target.result;
      p.getAll(all(who)).onsuccess = (f) => {
        give(list.map((sheet) => ({ ...sheet, photos: f.target.result.filter((x) => x.visit === sheet.visit) })));
      };
    };
  });
  return found ?? [];
}

const unsent = (list) => list.reduce((n, s) => n + s.edits.length + s.photos.filter((p) => !p.sent).length, 0);

// forget takes a checklist of somebody off this device, or all of theirs.
const forget = (who, visit = '') => within(false, (s, p) => {
  const range = visit ? IDBKeyRange.bound(`${who} ${visit}`, `${who} ${visit}\uffff`) : all(who);
  s.delete(range);
  p.delete(range);
});

// present notes who is signed in: what others keep here is theirs, and hidden from them.
// What nobody came back for in thirty days goes.
async function present(who) {
  await within(false, (s, p) => {
    if (who) s.put({ who }, 'who');
    s.openCursor().onsuccess = (e) => {
      const c = e.target.result;
      if (!c) return;
      if (c.value.html && Date.now() - c.value.since > days) {
        p.delete(IDBKeyRange.bound(`${c.key} `, `${c.key} \uffff`));
        c.delete();
      }
      c.continue();
    };
  });
}

// finish takes checklists off this device whose visit takes nothing more, when all of
// them was sent.
async function finish(who) {
  for (const sheet of await mine(who)) {
    if (unsent([sheet]) > 0) continue;
    const r = await fetch(`/visits/${sheet.visit}/sync`, {
      method: 'POST', body: new URLSearchParams({ sitting: sheet.sitting }), credentials: 'same-origin', headers: { Accept: 'application/json' },
    });
    if (r.status === 409 || r.status === 404) await forget(who, sheet.visit);
  }
}

function made(name, what, ...inside) {
  const e = Object.assign(document.createElement(name), what);
  e.append(...inside);
  return e;
}

const button = (word, does, second = true) => made('button', { type: 'button', className: second ? 'button button-second' : 'button', textContent: word, onclick: does });

const hex = (b) => [...new Uint8Array(b)].map((n) => n.toString(16).padStart(2, '0')).join('');

// bare takes out of a JPEG what says where and by which camera it was taken; which way is
// up stays. Anything else is given back as it is: the server looks again.
export function bare(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return bytes;
  const kept = [bytes.subarray(0, 2)];
  let at = 2, up = 1;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const marker = bytes[at + 1], end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) return bytes;
    if (marker === 0xe1 && up === 1) up = upOf(view, at + 10, end);
    if ((marker < 0xe1 || marker === 0xe2 || marker === 0xee || marker > 0xef) && marker !== 0xfe) kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (up > 1) {
    const first = kept.length > 1 && kept[1][1] === 0xe0 ? 2 : 1;
    kept.splice(first, 0, Uint8Array.from([0xff, 0xe1, 0, 34, 69, 120, 105, 102, 0, 0, 77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, up, 0, 0, 0, 0, 0, 0]));
  }
  kept.push(bytes.subarray(at));
  const out = new Uint8Array(kept.reduce((n, k) => n + k.length, 0));
  let to = 0;
  for (const k of kept) {
    out.set(k, to);
    to += k.length;
  }
  return out;
}

// upOf reads which way is up from an EXIF block.
function upOf(view, at, end) {
  try {
    const little = view.getUint16(at) === 0x4949, dir = at + view.getUint32(at + 4, little), n = view.getUint16(dir, little);
    for (let i = 0; i < n && dir + 14 + 12 * i <= end; i++) {
      if (view.getUint16(dir + 2 + 12 * i, little) === 0x112) return Math.min(8, Math.max(1, view.getUint16(dir + 10 + 12 * i, little)));
    }
  } catch {
    // It is no EXIF block.
  }
  return 1;
}

// Sheet is the checklist of this page.
class Sheet {
  constructor(form, who) {
    this.form = form;
    this.who = who;
    this.visit = form.dataset.checklist;
    this.key = `${who} ${this.visit}`;
    this.box = document.getElementById('stands');
    this.busy = undefined;
  }

  async start() {
    const sitting = Number(this.form.dataset.sitting);
    this.sheet = await this.change((kept) => kept && (kept.sitting === sitting || kept.edits.length > 0) ? kept : {
      visit: this.visit, name: this.form.dataset.name, sitting, since: Date.now(), edits: [], heads: this.seen(),
      device: crypto.randomUUID().slice(0, 8),
    });
    await within(true, (s) => s.put({ who: this.who }, 'who'));
    navigator.storage?.persist?.();
    this.box.hidden = false;
    document.querySelector('[data-plain]').hidden = true;
    for (const c of document.querySelectorAll('[data-camera]')) c.hidden = false;
    this.form.addEventListener('change', (e) => this.typed(e.target));
    this.form.addEventListener('input', (e) => this.typed(e.target));
    this.form.addEventListener('submit', (e) => { e.preventDefault(); this.sync(); });
    for (const c of document.querySelectorAll('[data-conflict]')) c.remove();
    addEventListener('online', () => this.sync());
    await this.show();
    this.sync();
  }

  // seen is what the page shows of every field, as heads are kept.
  seen() {
    const heads = {};
    for (const h of this.form.querySelectorAll('input[name^="heads."]')) {
      const field = h.name.slice(6), ids = h.value.split(' ').filter(Boolean);
      heads[field] = ids.map((id) => ({ id, value: this.form.querySelector(`input[name="was.${CSS.escape(field)}"]`).value, who: '', at: '' }));
    }
    return heads;
  }

  // change reads what is kept of this checklist, changes it and keeps it, in one.
  change(how) {
    return within(true, (s, _, give) => {
      s.get(this.key).onsuccess = (e) => {
        const now = how(e.target.result);
        if (now) s.put(now, this.key);
        give(now);
      };
    });
  }

  fields(name) {
    return [...this.form.elements].filter((f) => f.name === name);
  }

  value(name) {
    return this.fields(name).filter((f) => f.type !== 'radio' || f.checked).map((f) => f.value)[0] ?? '';
  }

  typed(field) {
    if (field.dataset.photo !== undefined) {
      const [file] = field.files;
      field.value = '';
      if (file) this.shoot(file, field.dataset.photo);
      return;
    }
    if (!field.name || field.type === 'hidden') return;
    this.write(field.name, this.value(field.name));
  }

  // write keeps an edit. One that was never sent is written on; of one that may have
  // arrived the next is a further edit.
  write(field, value, over) {
    const last = (kept) => kept.edits.filter((e) => e.field === field).at(-1);
    return this.chain = (this.chain ?? Promise.resolve()).then(() => this.change((kept) => {
      const open = last(kept);
      if (open && !open.tried && !over) {
        open.value = value;
        open.taken = Date.now();
        delete open.refused;
      } else if (over || value !== (open?.value ?? kept.heads[field]?.[0]?.value ?? '')) {
        const ids = over ?? (open ? [open.id] : (kept.heads[field] ?? []).map((h) => h.id));
        if (open?.refused) kept.edits = kept.edits.filter((e) => e !== open);
        kept.edits.push({ id: crypto.randomUUID(), field, value, over: open?.refused && !over ? open.over : ids, taken: Date.now() });
      }
      return kept;
    })).then((kept) => {
      this.sheet = kept;
      this.later();
      return this.stands();
    });
  }

  later() {
    clearTimeout(this.waits);
    this.waits = setTimeout(() => this.sync(), 2000);
  }

  // shoot keeps a photo: without its place where the programme wants none, and with the
  // digest of its bytes as they are from now on.
  async shoot(file, field) {
    let bytes = new Uint8Array(await file.arrayBuffer());
    if ('strips' in this.form.dataset) bytes = bare(bytes);
    const id = crypto.randomUUID(), most = Number(this.form.dataset.most);
    const shot = {
      id, visit: this.visit, sitting: this.sheet.sitting, field, name: file.name || '现场照片.jpg', type: file.type, bytes, taken: Date.now(),
      sha256: hex(await crypto.subtle.digest('SHA-256', bytes)),
    };
    if (bytes.length > most) {
      this.say(`“${shot.name}”有${Math.ceil(bytes.length / 1048576)} MB，一张最多${Math.floor(most / 1048576)} MB，没有保存。把相机的照片尺寸调小再拍。`, true);
      return;
    }
    await within(true, (_, p) => p.put(shot, `${this.key} ${id}`));
    await this.show();
    this.sync();
  }

  async photos() {
    return within(true, (_, p, give) => {
      p.getAll(IDBKeyRange.bound(`${this.key} `, `${this.key} \uffff`)).onsuccess = (e) => give(e.target.result);
    });
  }

  // sync sends what is not sent, one page of this browser at a time.
  sync() {
    clearTimeout(this.waits);
    this.busy = (this.busy ?? Promise.resolve()).then(() => navigator.locks.request('shifan sync', () => this.send())).catch(() => {});
    return this.busy;
  }

  async send() {
    await this.chain;
    if (this.over) return;
    this.sheet = await this.change((kept) => {
      for (const e of kept.edits) e.tried = !e.refused;
      return kept;
    });
    const sent = this.sheet.edits.filter((e) => !e.refused).slice(0, 400);
    const body = new URLSearchParams({
      device: this.sheet.device, clock: Date.now(), sitting: this.sheet.sitting,
      edits: JSON.stringify(sent.map(({ id, field, value, over, taken }) => ({ id, field, value, over, taken }))),
    });
    const answer = await this.post('sync', body);
    if (answer.wait) return this.stands(answer.wait);
    if (answer.code) return this.closed(answer);
    this.clock = answer.clock;
    const gone = new Set(sent.map((e) => e.id).filter((id) => !answer.refused?.[id]));
    this.sheet = await this.change((kept) => {
      kept.edits = kept.edits.filter((e) => !gone.has(e.id));
      for (const e of kept.edits) if (answer.refused?.[e.id]) e.refused = answer.refused[e.id];
      kept.heads = answer.fields;
      kept.saved = answer.saved;
      return kept;
    });
    for (const p of await this.photos()) {
      if (!p.sent && !p.refused && !await this.sendPhoto(p)) break;
    }
    await this.keep();
    await this.show();
  }

  async sendPhoto(p) {
    const body = new FormData();
    for (const [name, value] of Object.entries({
      id: p.id, sitting: p.sitting, indicator: p.field, sha256: p.sha256, device: this.sheet.device, taken: p.taken, clock: Date.now(),
    })) body.append(name, value);
    body.append('file', new Blob([p.bytes], { type: p.type }), p.name);
    const answer = await this.post('photos', body);
    if (answer.wait) return false;
    if (answer.code) p.refused = answer.say;
    else Object.assign(p, { sent: true, bytes: undefined });
    await within(true, (_, s) => s.put(p, `${this.key} ${p.id}`));
    return true;
  }

  // post sends a request; wait says that there is no answer to it yet.
  async post(where, body) {
    try {
      const r = await fetch(`/visits/${this.visit}/${where}`, { method: 'POST', body, credentials: 'same-origin', headers: { Accept: 'application/json' } });
      const answer = await r.json();
      if (r.status === 401) return { wait: '登录已超过时限，重新登录后再上传。内容都在这台手机上。', login: true };
      return r.status >= 500 || r.status === 429 ? { wait: answer.say } : answer;
    } catch {
      return { wait: '现在没有网络，内容都在这台手机上，网络恢复后自动上传。' };
    }
  }

  // keep keeps the page as the server draws it now, for when there is no network.
  async keep() {
    try {
      const r = await fetch(location.pathname, { credentials: 'same-origin' });
      if (!r.ok || r.redirected) return;
      const html = await r.text(), policy = r.headers.get('Content-Security-Policy');
      this.sheet = await this.change((kept) => kept && { ...kept, html, policy, since: Date.now() });
    } catch {
      // What was kept before stays.
    }
  }

  // closed: the server takes nothing more of this visit. What is not sent stays here and
  // can be kept as a file; when nothing is left to send, nothing stays here.
  async closed(answer) {
    this.over = answer;
    if (this.sheet.edits.length === 0 && (await this.photos()).every((p) => p.sent)) await forget(this.who, this.visit);
    await this.show();
  }

  // show shows what is kept: what is not sent before what the server said.
  async show() {
    await this.chain;
    const heads = this.sheet.heads ?? {};
    for (const h of this.form.querySelectorAll('input[name^="heads."]')) {
      const field = h.name.slice(6), open = this.sheet.edits.filter((e) => e.field === field).at(-1);
      const value = open ? open.value : heads[field]?.[0]?.value;
      if (value !== undefined) this.put(field, value);
      this.differ(field, open ? [] : heads[field] ?? []);
      this.wrong(field, open?.refused);
    }
    for (const p of await this.photos()) await this.thumb(p);
    await this.stands();
  }

  put(field, value) {
    for (const f of this.fields(field)) {
      if (f.type === 'radio') f.checked = f.value === value;
      else if (f.value !== value) f.value = value;
    }
  }

  place(field) {
    return this.fields(field)[0]?.closest('.field');
  }

  // differ shows what people wrote in a field without knowing of each other.
  differ(field, heads) {
    const place = this.place(field), said = heads.map((h) => `${h.who}${h.at}${h.value}`).join();
    const there = place?.nextElementSibling?.dataset.differ !== undefined ? place.nextElementSibling : undefined;
    if (there?.dataset.differ === said) return;
    there?.remove();
    if (!place || heads.every((h) => h.value === heads[0].value)) return;
    const box = made('div', { className: 'offer stack' }, made('p', {}, made('b', { textContent: '两边写得不一样，都留着。选一个，或者在上面另写。' })));
    box.dataset.differ = said;
    for (const h of heads) {
      const word = this.fields(field).find((f) => f.type === 'radio' && f.value === h.value)?.closest('label').textContent.trim();
      box.append(made('div', { className: 'next-part stack' },
        made('blockquote', { className: 'pre', textContent: word ?? (h.value || '（空白）') }), made('p', { className: 'small quiet', textContent: `${h.who} ${h.at}` }),
        button(`用${h.who}写的`, async () => { await this.write(field, h.value, heads.map((x) => x.id)); await this.show(); this.sync(); }),
      ));
    }
    place.after(box);
  }

  // wrong shows why the server did not take what is written in a field.
  wrong(field, why) {
    const place = this.place(field);
    place?.querySelector('[data-refused]')?.remove();
    if (!why || !place) return;
    const p = made('p', { className: 'error', textContent: `没有上传：${why}` });
    p.dataset.refused = '';
    place.append(p);
  }

  // thumb shows a photo in the list of its indicator.
  async thumb(p) {
    const list = this.form.querySelector(`[data-photos="${CSS.escape(p.field)}"]`), state = p.sent ? '已上传' : p.refused ? `没有上传：${p.refused}` : '在这台手机上，还没有上传';
    let line = list?.querySelector(`[data-shot="${p.id}"]`);
    if (line) {
      line.querySelector('small').textContent = state;
      return;
    }
    if (!list) return;
    line = made('li', {}, made('b', { textContent: p.name }), made('small', { textContent: state }));
    line.dataset.shot = p.id;
    list.append(line);
    if (!p.bytes) return;
    try {
      const picture = await createImageBitmap(new Blob([p.bytes], { type: p.type }));
      const canvas = made('canvas', { width: 120, height: Math.max(1, Math.round(120 * picture.height / picture.width)), ariaLabel: p.name, role: 'img' });
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      line.append(canvas);
    } catch {
      // It is no picture that this browser draws; the server says what it is.
    }
  }

  say(text, wrong = false) {
    const p = this.box.querySelector('[data-stands]');
    p.textContent = text;
    p.className = wrong ? 'error' : '';
  }

  // stands says what is not sent, and offers what can be done about it.
  async stands(why = '') {
    const shots = (await this.photos()).filter((p) => !p.sent), n = this.sheet.edits.length, acts = this.box.querySelector('[data-acts]');
    const left = [n && `${n}项`, shots.length && `${shots.length}张照片`].filter(Boolean).join('、');
    acts.replaceChildren();
    if (this.over) {
      this.say(`${this.over.say}${left ? `这台手机上还有${left}没有上传，都留着。` : '这台手机上没有留下内容。'}`, Boolean(left));
      if (left) acts.append(button('存成文件', () => this.save(), false), button('清除这台手机上的内容', () => this.sure()));
      return;
    }
    this.say([left ? `还有${left}没有上传。` : `全部已上传${this.sheet.saved ? `，${this.sheet.saved}` : ''}。`, left && why, this.clock].filter(Boolean).join(''));
    if (left) acts.append(button('现在上传', () => this.sync()));
    if (why.startsWith('登录')) acts.append(made('a', { href: `/login?next=${encodeURIComponent(location.pathname)}`, textContent: '重新登录' }));
  }

  sure() {
    this.say('清除以后找不回来。先存成文件再清除。', true);
    const yes = button('确定清除', async () => {
      await forget(this.who, this.visit);
      location.assign('/visits');
    });
    this.box.querySelector('[data-acts]').replaceChildren(button('存成文件', () => this.save(), false), yes);
  }

  async save() {
    saveFile(this.sheet, await this.photos(), this.over?.say);
  }
}

// saveFile gives what was not sent of a checklist as a file, photos and their digests
// with it.
function saveFile(sheet, photos, why) {
  const shots = photos.filter((p) => !p.sent).map((p) => {
    let text = '';
    for (const b of p.bytes) text += String.fromCharCode(b);
    return { ...p, bytes: btoa(text) };
  });
  const text = JSON.stringify({ visit: sheet.visit, name: sheet.name, why, edits: sheet.edits, photos: shots }, null, 1);
  const link = made('a', { href: URL.createObjectURL(new Blob([text], { type: 'application/json' })), download: `考核单-${sheet.name}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// leaving asks before a person signs out with something unsent, and leaves nothing of
// theirs on the device.
function leaving(form, who) {
  let sure = false;
  form.addEventListener('submit', async (e) => {
    if (sure) return;
    e.preventDefault();
    const n = unsent(await mine(who).catch(() => []));
    const out = async () => {
      await forget(who).catch(() => {});
      await within(false, (s) => s.delete('who')).catch(() => {});
      sure = true;
      form.submit();
    };
    if (n === 0) return out();
    document.getElementById('leaving')?.remove();
    const box = made('div', { className: 'offer stack', id: 'leaving', tabIndex: -1 },
      made('p', { className: 'error', textContent: `这台设备上有${n}项考核记录或者照片没有上传，退出会一起清除。` }),
      made('p', { className: 'actions' }, made('a', { className: 'button', href: '/offline', textContent: '先去上传' }), button('清除并退出', out)));
    document.getElementById('main').prepend(box);
    box.focus();
  });
}

// listed shows on the page without a network what is kept.
async function listed(list) {
  const db = await within(false, (s, _, give) => { s.get('who').onsuccess = (e) => give(e.target.result?.who); });
  for (const sheet of db ? await mine(db) : []) {
    const n = unsent([sheet]);
    const line = made('li', {}, made('a', { href: `/visits/${sheet.visit}/checklist`, textContent: sheet.name }), made('small', { textContent: n ? `，${n}项没有上传` : '' }));
    if (n) line.append(made('p', {}, button('存成文件', () => saveFile(sheet, sheet.photos))));
    list.append(line);
    document.querySelector('[data-none]').hidden = true;
  }
}

export async function begin(who) {
  if (!globalThis.indexedDB || !navigator.serviceWorker) return;
  const form = document.querySelector('form[data-checklist]'), list = document.querySelector('[data-kept]');
  if (who) for (const leave of document.querySelectorAll('form[action="/logout"]')) leaving(leave, who);
  if (list) await listed(list);
  if (form && who) {
    navigator.serviceWorker.register('/worker.js').catch(() => {});
    await new Sheet(form, who).start();
  } else if (who) {
    await present(who);
    if (/^\/(work|visits)/.test(location.pathname)) await finish(who);
  }
}
