// What a page can do more with script than without. Without it everything works by
// its buttons; with it long forms save themselves and count as one types. It is sent
// as it stands here: no build, no other file.

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

function start() {
  try {
    settle();
  } catch {
    // A tab that keeps nothing has nothing to settle.
  }
  for (const line of document.querySelectorAll('.count[data-most]')) counting(line);
  for (const form of document.querySelectorAll('form[data-keep]')) new Keeper(form);
  const leave = document.querySelector('form[action="/logout"]');
  leave?.addEventListener('submit', () => {
    for (const place of Object.keys(sessionStorage).filter((k) => k.startsWith('shifan '))) sessionStorage.removeItem(place);
  });
}

if (typeof document !== 'undefined') start();
