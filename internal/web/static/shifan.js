// What a page can do more with script than without. Without it everything works by
// its buttons; with it long forms save themselves and count as one types. It is sent
// as it stands here: no build, and no other file but the library that speaks tus and
// what keeps checklists on a phone (offline.js).

// count tells how many 字 a text has, as the server does (package chars): a sign
// that is seen is one, a run of Latin letters or digits is one, blanks and signs that
// only shape their neighbour are none. internal/chars/testdata/count.json holds both
// to the same numbers.
export function count(text) {
  let n = 0, inWord = false;
  for (const sign of text) {
    const code = sign.codePointAt(0);
    if (shapes(code)) continue;
    if (/\p{White_Space}/u.test(sign)) {
      inWord = false;
      continue;
    }
    const latin = code < 0x250 && /[\p{L}\p{Nd}]/u.test(sign);
    if (!latin || !inWord) n++;
    inWord = latin;
  }
  return n;
}

function shapes(code) {
  return code === 0xad || code >= 0x300 && code <= 0x36f || code >= 0x200b && code <= 0x200f || code >= 0x202a && code <= 0x202e ||
    code >= 0x2060 && code <= 0x206f || code >= 0x20d0 && code <= 0x20f0 || code >= 0xfe00 && code <= 0xfe0f || code === 0xfeff ||
    code >= 0xe0100 && code <= 0xe01ef;
}

// counting shows under a field how much is written while it is written.
function counting(line) {
  const field = document.getElementById(line.id.replace(/-count$/, ''));
  const most = Number(line.dataset.most);
  if (!field || !most) return;
  field.addEventListener('input', () => {
    const n = count(field.value), said = line.children[1] ?? line.appendChild(document.createElement('span'));
    said.className = n > most ? 'count-over' : '';
    said.textContent = n === 0 ? '' : `${n}/${most}字` + (n > most ? `，超出${n - most}字` : '');
  });
}

// A form marked data-keep loses nothing that was typed: until it is saved, it also
// stands in this tab (sessionStorage), for this account and this address. One marked
// data-autosave saves each part (data-part) a moment after it changed, by the same
// request as its button.
class Keeper {
  constructor(form) {
    this.form = form;
    this.url = form.getAttribute('action') || location.pathname;
    this.place = `shifan ${form.dataset.keep} ${this.url}`;
    this.saves = 'autosave' in form.dataset;
    this.status = form.querySelector('[data-status]');
    this.waits = this.saving = undefined;
    this.tries = 0;
    this.changed = new Set(); // names of fields that are not saved
    form.addEventListener('input', (e) => this.typed(e.target));
    form.addEventListener('submit', (e) => this.sent(e));
    addEventListener('pagehide', () => this.leave());
    this.restore();
  }

  typed(field) {
    if (!field.name || field.type === 'hidden' || field.type === 'file') return;
    this.changed.add(field.name);
    this.store();
    if (this.saves && this.parts().length > 0) {
      this.say('未保存：正在填写');
      this.later(1500);
    }
  }

  // store puts what is not saved into the tab, with what it was written over.
  store(sent = false) {
    const values = {};
    for (const name of this.changed) values[name] = this.values(name);
    const seen = {};
    for (const field of this.form.querySelectorAll('input[type=hidden]')) {
      if (field.name === 'version' || field.name.endsWith('.seen')) seen[field.name] = field.value;
    }
    try {
      if (this.changed.size === 0) sessionStorage.removeItem(this.place);
      else sessionStorage.setItem(this.place, JSON.stringify({ values, seen, sent }));
    } catch {
      // A tab that keeps nothing still saves to the server.
    }
  }

  fields(name) {
    return [...this.form.elements].filter((f) => f.name === name && f.type !== 'hidden');
  }

  // values are what a field would send: of boxes those that are ticked.
  values(name) {
    return this.fields(name).filter((f) => !/radio|checkbox/.test(f.type) || f.checked).map((f) => f.value);
  }

  // restore brings back what this tab had not saved, over what it was written over:
  // what somebody else saved meanwhile is then noticed.
  restore() {
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(this.place));
    } catch {
      return;
    }
    if (!kept) return;
    let back = 0;
    const refused = document.querySelector('.error-summary') !== null; // what it shows is typed and not saved
    for (const [name, values] of Object.entries(kept.values)) {
      const fields = this.fields(name);
      const same = JSON.stringify(this.values(name)) === JSON.stringify(values);
      if (fields.length === 0 || same && !refused) continue;
      this.changed.add(name);
      if (same || refused) continue;
      back++;
      for (const f of fields) {
        if (/radio|checkbox/.test(f.type)) f.checked = values.includes(f.value);
        else f.value = values[0] ?? '';
        if (f.tagName === 'TEXTAREA') f.dispatchEvent(new Event('input'));
      }
    }
    if (back > 0) {
      for (const [name, value] of Object.entries(kept.seen)) {
        const field = this.form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`);
        if (field && (this.saves ? this.touches(name) : name === 'version')) field.value = value;
      }
      this.say('已恢复这台设备上没有保存的内容');
    }
    this.store();
    if (this.saves && back > 0) this.later(500);
  }

  // touches reports whether a seal belongs to a part that has something unsaved.
  touches(name) {
    return this.parts().some((p) => name === `${p.dataset.part}.seen`);
  }

  // parts are the parts with something that is not saved.
  parts() {
    const all = new Set();
    for (const name of this.changed) {
      const part = this.fields(name)[0]?.closest('[data-part]');
      if (part) all.add(part);
    }
    return [...all];
  }

  later(ms) {
    clearTimeout(this.waits);
    this.waits = setTimeout(() => this.save(), ms);
  }

  body(parts) {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      const field = this.form.elements[name];
      const one = field instanceof RadioNodeList ? field[0] : field;
      if (parts.some((p) => p.contains(one) || p === one.form) && typeof value === 'string') body.append(name, value);
    }
    return body;
  }

  async save() {
    clearTimeout(this.waits);
    const parts = this.parts();
    if (!this.saves || parts.length === 0) return;
    if (this.saving) return this.later(500);
    const sent = new Map([...this.changed].map((name) => [name, JSON.stringify(this.values(name))]));
    this.say('正在保存');
    this.saving = this.post(this.body(parts));
    const answer = await this.saving;
    this.saving = undefined;
    if (answer.saved) {
      this.tries = 0;
      for (const [name, value] of sent) {
        if (JSON.stringify(this.values(name)) === value) this.changed.delete(name);
      }
      for (const [part, seal] of Object.entries(answer.seen ?? {})) {
        const field = this.form.querySelector(`input[name="${CSS.escape(part)}.seen"]`);
        if (field) field.value = seal;
      }
      this.store();
      if (this.changed.size > 0) this.later(1500);
      else this.say(`已保存。上次保存 ${answer.saved}`);
      return;
    }
    this.store();
    if (answer.again) this.later(Math.min(60000, 5000 * 2 ** this.tries++));
    this.say(`未保存：${answer.say}`, answer.code);
  }

  async post(body, keepalive = false) {
    try {
      const r = await fetch(this.url, {
        method: 'POST', body, keepalive, credentials: 'same-origin', headers: { Accept: 'application/json' },
      });
      const answer = await r.json();
      return r.ok ? answer : { ...answer, again: r.status >= 500 || r.status === 429 };
    } catch {
      return { say: '网络不通，过一会儿再试。写好的内容留在这一页。', again: true };
    }
  }

  // say says how it stands. Where a person has to do something, a link or a button
  // stands beside it.
  say(text, code) {
    if (!this.status) return;
    this.status.textContent = text;
    if (code === 'web.session') {
      const link = document.createElement('a');
      link.href = `/login?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = '重新登录';
      this.status.append(' ', link);
    } else if (code === 'thing.stale') {
      const button = document.createElement('button');
      button.className = 'plain';
      button.name = 'then';
      button.value = 'tasks';
      button.textContent = '对照两边的内容';
      this.status.append(' ', button);
    }
  }

  // sent: the form goes by its button. What is being saved is waited for, so that
  // the form is not at odds with itself.
  async sent(e) {
    clearTimeout(this.waits);
    if (this.saving) {
      e.preventDefault();
      await this.saving;
      await Promise.resolve();
      this.form.requestSubmit(e.submitter);
      return;
    }
    this.store(true);
  }

  leave() {
    const parts = this.parts();
    if (this.saves && !this.saving && parts.length > 0 && !this.isSent()) this.post(this.body(parts), true);
  }

  isSent() {
    try {
      return JSON.parse(sessionStorage.getItem(this.place))?.sent === true;
    } catch {
      return false;
    }
  }
}

// A form marked data-uploads sends its files piece by piece (tus), several at once, each
// with its progress and a button to stop it. A broken line is waited for; after a closed
// tab a file goes on where it stopped when it is chosen again. Where the library that
// speaks the protocol does not come, the form sends them all at once, as without script.
class Sender {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector('[data-sending]');
    this.waiting = [];
    this.busy = 0;
    this.plain = false;
    form.addEventListener('submit', (e) => this.send(e));
  }

  async send(e) {
    const inputs = [...this.form.querySelectorAll('input[type=file]')];
    const files = inputs.flatMap((i) => [...i.files]);
    if (this.plain || files.length === 0) return;
    e.preventDefault();
    try {
      await import(this.form.dataset.library);
    } catch {
      this.plain = true;
      this.form.requestSubmit(e.submitter);
      return;
    }
    for (const i of inputs) i.value = '';
    for (const file of files) this.waiting.push(new Sent(file, this));
    this.next();
  }

  next() {
    while (this.busy < 3 && this.waiting.length > 0) {
      this.busy++;
      this.waiting.shift().start();
    }
  }

  // rests: one file is through, stopped, or waits. When all are, the page shows what is
  // there.
  rests() {
    this.busy--;
    this.next();
    if (this.busy === 0) this.show();
  }

  async show() {
    try {
      const r = await fetch(location.pathname, { credentials: 'same-origin' });
      const now = new DOMParser().parseFromString(await r.text(), 'text/html');
      for (const part of document.querySelectorAll('[data-shows]')) {
        const fresh = now.getElementById(part.id);
        if (fresh) part.replaceWith(document.adoptNode(fresh));
      }
    } catch {
      // The page is as it was; what was sent is kept.
    }
  }
}

// Sent is one file that a Sender sends, and its line on the page.
class Sent {
  constructor(file, sender) {
    this.file = file;
    this.sender = sender;
    this.bar = made('progress', { max: 100, value: 0, ariaLabel: `${file.name} 上传进度` });
    this.said = made('small', {});
    this.said.setAttribute('role', 'status');
    this.button = made('button', { type: 'button', className: 'button button-second', textContent: `取消“${file.name}”`, onclick: () => this.stop() });
    this.line = made('li', { className: 'task' }, made('p', {}, file.name, this.said, this.bar), this.button);
    sender.list.append(this.line);
    this.say('等待上传');
  }

  start() {
    if (this.stopped) return this.sender.rests();
    const known = [...document.querySelectorAll('[data-upload]')].find((u) => u.dataset.name === this.file.name &&
      Number(u.dataset.size) === this.file.size && Number(u.dataset.modified) === this.file.lastModified);
    const from = this.sender.form.dataset;
    this.upload = new globalThis.tus.Upload(this.file, {
      endpoint: new URL(from.uploads, location.href).href,
      uploadUrl: known ? new URL(known.dataset.upload, location.href).href : null,
      metadata: { filename: this.file.name, modified: String(this.file.lastModified) },
      headers: { Accept: 'application/json' },
      chunkSize: 4 << 20, // what is sent again at most where a server in between holds requests back
      overridePatchMethod: true, // not every server in between lets PATCH through
      storeFingerprintForResuming: false, // the server knows what was not sent to the end
      retryDelays: [0, 1000, 3000, 5000],
      onShouldRetry: (e) => again(e),
      onProgress: (sent, all) => { this.bar.value = all > 0 ? 100 * sent / all : 100; },
      onSuccess: () => this.became(),
      onError: (e) => this.failed(e),
    });
    known?.remove();
    this.say('正在上传');
    this.upload.start();
  }

  // became asks what became of a file that is through: the last answer may be lost.
  async became() {
    try {
      const r = await fetch(this.upload.url, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
      const told = await r.json();
      if (told.state === 'kept') this.end(`已上传。${told.say ?? ''}`);
      else if (told.state === 'refused' || r.status < 500) this.end(`没有上传：${told.say}`, true);
      else this.wait();
    } catch {
      this.wait();
    }
  }

  failed(e) {
    const answer = e.originalResponse;
    let told = {};
    try {
      told = JSON.parse(answer.getBody());
    } catch {
      // Nothing was answered, or not by us.
    }
    if (told.code === 'web.session') this.wait(told.say);
    else if (told.say) this.end(`没有上传：${told.say}`, true);
    else this.wait();
  }

  // wait: what came is kept, and the rest is sent when the line is there again or when
  // somebody says so.
  wait(why = '网络断了，传过的部分还在。网络恢复后接着传。') {
    this.say(why, true);
    const on = made('button', { type: 'button', className: 'button button-second', textContent: '接着传' });
    const go = () => {
      this.resting();
      this.resting = undefined;
      this.sender.busy++;
      this.say('正在上传');
      this.upload.start();
    };
    on.onclick = go;
    addEventListener('online', go);
    this.button.before(on);
    this.resting = () => { on.remove(); removeEventListener('online', go); };
    this.sender.rests();
  }

  async stop() {
    this.stopped = true;
    const moving = this.upload !== undefined && !this.resting;
    this.resting?.();
    await this.upload?.abort();
    if (this.upload?.url) {
      fetch(`${this.upload.url}/give-up`, { method: 'POST', credentials: 'same-origin', headers: { Accept: 'application/json' } }).catch(() => {});
    }
    this.line.remove();
    if (moving) this.sender.rests();
  }

  end(text, wrong = false) {
    this.say(text, wrong);
    this.button.remove();
    this.bar.remove();
    this.sender.rests();
  }

  say(text, wrong = false) {
    this.said.textContent = text;
    this.said.className = wrong ? 'error' : '';
  }
}

// again reports whether a request that failed is worth another try: what the server
// said in a sentence is its answer.
function again(e) {
  const status = e.originalResponse?.getStatus() ?? 0;
  return status === 0 || status === 423 || status === 429 || status >= 500 || status === 409 && !/^\{/.test(e.originalResponse.getBody());
}

// made makes an element.
function made(name, what, ...inside) {
  const e = Object.assign(document.createElement(name), what);
  e.append(...inside);
  return e;
}

// settle looks at what was sent by a button: where the page that the button led to is
// no refusal, it is saved, and the tab forgets it. Where the way was cut, nothing is
// known, and the form compares when it is opened again.
function settle() {
  if (!document.referrer || document.querySelector('.error-summary')) return;
  const from = new URL(document.referrer).pathname;
  for (const place of Object.keys(sessionStorage).filter((k) => k.startsWith('shifan '))) {
    const kept = JSON.parse(sessionStorage.getItem(place));
    if (kept?.sent && place.endsWith(` ${from}`) && from !== location.pathname) sessionStorage.removeItem(place);
  }
}

// judging lets who reviews go through the criteria by keys: J to the next, K to the one
// before, 1 to 3 for a verdict, R to the reason. A key counts only while something of a
// criterion has the focus and no text is typed (WCAG 2.1.4).
function judging(form) {
  const all = [...form.querySelectorAll('.criterion')];
  form.querySelector('[data-keys]').hidden = false;
  form.addEventListener('keydown', (e) => {
    const at = e.target.closest('.criterion');
    if (!at || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.target.matches('textarea, input:not([type=radio])')) return;
    const key = e.key.toLowerCase();
    const next = all[all.indexOf(at) + { j: 1, k: -1 }[key]];
    const verdict = at.querySelectorAll('[type=radio]')['123'.indexOf(key)];
    if (next) {
      next.open = true;
      next.firstElementChild.focus();
      next.scrollIntoView({ block: 'start' });
    } else if (verdict) {
      at.open = true;
      verdict.click();
      verdict.focus();
    } else if (key === 'r') {
      at.open = true;
      at.querySelector('textarea').focus();
    } else {
      return;
    }
    e.preventDefault();
  });
}

function start() {
  try {
    settle();
  } catch {
    // A tab that keeps nothing has nothing to settle.
  }
  for (const line of document.querySelectorAll('.count[data-most]')) counting(line);
  for (const form of document.querySelectorAll('form[data-keep]')) new Keeper(form);
  for (const form of document.querySelectorAll('form[data-uploads]')) new Sender(form);
  for (const form of document.querySelectorAll('form[data-judging]')) judging(form);
  // What keeps checklists on a device comes where there is one, or where one is kept.
  const own = document.querySelector('script[data-offline]');
  if (own?.dataset.offline && (navigator.serviceWorker?.controller || document.querySelector('[data-checklist], [data-kept]'))) {
    import(own.dataset.offline).then((kept) => kept.begin(own.dataset.who)).catch(() => {});
  }
  const leave = document.querySelector('form[action="/logout"]');
  leave?.addEventListener('submit', () => {
    for (const place of Object.keys(sessionStorage).filter((k) => k.startsWith('shifan '))) sessionStorage.removeItem(place);
  });
}

if (typeof document !== 'undefined') start();
