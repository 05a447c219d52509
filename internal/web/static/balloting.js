// The pages of secret ballots: a trustee's key, the registrar's credentials, a voter's
// ballot and a trustee's decryption are computed here and only their public halves sent.
const library = document.querySelector('script[data-library]').dataset.library;
const ballot = await import(library);
const status = document.getElementById('ballot-status');
const say = (words) => { status.textContent = words; };
const words = {};

async function send(url, fields) {
  const answer = await fetch(url, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(fields) });
  const told = await answer.json().catch(() => ({ say: '服务器没有回答。请刷新页面后再试。' }));
  if (!answer.ok) throw new Error(told.say);
  return told;
}

const stateOf = async (form) => (await fetch(`${form.dataset.at}/state`)).json();
const pause = (ms) => new Promise((r) => setTimeout(r, ms));

function element(name, text, attributes = {}) {
  const e = Object.assign(document.createElement(name), attributes);
  e.textContent = text;
  return e;
}

// seedOf opens the key file that was chosen.
async function seedOf(form) {
  const [file] = form.elements.file.files;
  if (!file) return '';
  const seed = await ballot.unlock(await file.text(), form.elements.passphrase.value);
  if (!seed) throw new Error('口令不对，或者不是密钥文件。');
  return seed;
}

// showPrints shows the fingerprints of the certificates that this browser deals to.
async function showPrints(state) {
  const cells = document.querySelectorAll('[data-prints] code');
  for (const [n, cell] of cells.entries()) {
    if (state.certs.length === cells.length) cell.textContent = await ballot.b64(state.certs[n]);
  }
}

let kept = ''; // a trustee's seed, while this page is open

words.trustee = async (form) => {
  if (form.elements.passphrase.value.length < 12) throw new Error('密钥口令至少12个字符。');
  kept ||= await seedOf(form);
  let state = await stateOf(form);
  if (!kept && !(state.phase === 'certify' && !state.sent)) throw new Error('请选择本人的密钥文件。');
  if (!kept) {
    kept = ballot.newSeed();
    const link = element('a', '', { download: `监票密钥-${state.names[state.number - 1]}.json` });
    link.href = URL.createObjectURL(new Blob([await ballot.lock(kept, form.elements.passphrase.value)], { type: 'application/json' }));
    link.click();
  }
  for (let wait = 1000; state.phase; state = await stateOf(form)) {
    await showPrints(state);
    if (state.sent) {
      say('本人这一步已办完，正在等其他监票人。请不要关闭页面。');
      await pause(wait);
      wait = Math.min(wait * 1.5, 5000); // the others may be long at it
      continue;
    }
    wait = 1000;
    const who = state.number - 1;
    if (state.phase !== 'certify') form.querySelector('button').textContent = '继续生成';
    if (state.phase === 'deal' && !form.elements.read.checked) {
      throw new Error('各人的密钥已生成。请念出指纹逐一核对，勾选后再点“继续生成”。');
    }
    say('正在计算……');
    const message = state.phase === 'certify' ? await ballot.certify(kept)
      : state.phase === 'deal' ? await ballot.deal(kept, state.certs, who, state.threshold)
        : await ballot.accept(kept, state.certs, who, state.shares);
    await send(`${form.dataset.at}/send`, { act: state.phase, message, read: form.elements.read.checked ? 'yes' : '' });
  }
  say('密钥已生成。请保管好密钥文件和口令，解密时要用。');
};

words.register = async (form) => {
  const state = await stateOf(form), slips = new Map(), fields = {};
  say('正在制作凭证……');
  for (const e of state.elections.filter((o) => o.state === 'prepared')) {
    const { uuid } = JSON.parse(e.object), all = [];
    for (const { key, name } of e.voters) {
      if (!slips.has(key)) slips.set(key, { name, credential: ballot.newCredential() });
      all.push(await ballot.publicOf(slips.get(key).credential, uuid));
    }
    fields[e.id] = ballot.credentials(all);
  }
  await send(`${form.dataset.at}/register`, fields);
  const list = form.querySelector('[data-slips]');
  for (const { name, credential } of slips.values()) {
    const line = element('p', `${name}　投票凭证 `);
    line.className = 'offer'; // each to be cut out
    line.append(element('code', credential));
    list.append(line);
  }
  form.querySelector('button').hidden = true;
  say('凭证已制作。现在打印，逐人当面交付；离开这一页后不能再看到。');
};

// mine are the elections that the voter has a ballot in now.
const mine = (state) => state.elections.filter((o) => o.state === 'voting' && o.mine);

function questions(form, state) {
  const all = mine(state).flatMap((e) => JSON.parse(e.object).questions.map((q, n) => ({ e, q, n })));
  for (const { e, q, n } of ballot.shuffled(all)) {
    const set = element('fieldset', '', { className: 'field' }), choices = element('div', '', { className: 'choices' });
    set.append(element('legend', q.question), choices);
    q.answers.forEach((answer, i) => {
      const label = element('label', '', { className: 'choice' }), radio = element('input', '', { type: 'radio', name: `${e.id}.${n}`, value: i });
      label.append(radio, element('span', answer));
      choices.append(label);
    });
    form.querySelector('[data-questions]').append(set);
  }
}

// filled reads the ballot: the credential, and what is chosen of each question of each
// election.
function filled(form, state) {
  const credential = ballot.normal(form.elements.credential.value);
  if (!credential) throw new Error('投票凭证抄错了。照凭证重新填写，分大小写。');
  const papers = mine(state).map((e) => ({ e, chosen: JSON.parse(e.object).questions.map((q, n) => {
    const radio = form.querySelector(`[name="${e.id}.${n}"]:checked`);
    if (!radio) throw new Error(`“${q.question}”还没有选。`);
    return { question: q.question, answers: q.answers, at: Number(radio.value) };
  }) }));
  if (!papers.length) throw new Error('现在没有可以投的票。请刷新页面。');
  return { credential, papers };
}

// turnTo shows the ballot to fill in, or what was filled in to check.
function turnTo(form, checking) {
  form.querySelector('[data-fill]').hidden = checking;
  form.querySelector('[data-check]').hidden = !checking;
}

words.vote = async (form) => {
  const { credential, papers } = filled(form, await stateOf(form));
  if (form.querySelector('[data-check]').hidden) {
    form.querySelector('[data-chosen]').replaceChildren(...papers.flatMap(({ chosen }) => chosen.flatMap((c) => [element('dt', c.question), element('dd', c.answers[c.at])])));
    turnTo(form, true);
    say('票还没有投出。核对后点“确认投票”。');
    form.querySelector('[data-check] h3').focus();
    return;
  }
  const trackers = [];
  for (const { e, chosen } of papers) {
    const votes = chosen.map((c) => c.answers.map((_, i) => (i === c.at ? 1 : 0)));
    const body = await ballot.vote(e.object, credential, votes, ballot.draw, async (n, of) => {
      say(`正在加密：第${n}项，共${of}项`);
      await pause(0);
    });
    trackers.push((await send(`/elections/${e.id}/cast`, { ballot: body })).saved);
  }
  form.querySelectorAll(':checked').forEach((r) => { r.checked = false; });
  form.elements.credential.value = '';
  form.querySelector('[data-chosen]').replaceChildren();
  turnTo(form, false);
  form.querySelector('[data-trackers]').replaceChildren(...trackers.map((t) => {
    const line = element('p', '票据码 ');
    line.append(element('code', t));
    return line;
  }));
  say('票已投出。抄下票据码，结束后可以在票箱里查到。');
};

words.decrypt = async (form) => {
  const state = await stateOf(form), seed = await seedOf(form);
  if (!seed) throw new Error('请选择本人的密钥文件。');
  for (const e of state.elections.filter((o) => o.state === 'tallied' && !o.decrypted)) {
    say('正在解密……');
    await send(`/elections/${e.id}/decrypt`, { part: await ballot.decrypt(seed, state.sealed, e.object, e.tally) });
  }
  form.hidden = true;
  say('解密已提交。');
};

for (const form of document.querySelectorAll('form[data-ballot]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = event.submitter ?? form.querySelector('button');
    button.disabled = true;
    try {
      if (!crypto.subtle) throw new Error('浏览器不能加密：请用 https 地址打开。');
      await words[form.dataset.ballot](form);
    } catch (e) {
      if (form.dataset.ballot === 'vote') turnTo(form, false);
      say(e.message);
    }
    button.disabled = false;
  });
  if (form.dataset.ballot !== 'vote') continue;
  form.querySelector('[data-back]').addEventListener('click', () => {
    turnTo(form, false);
    say('');
  });
  questions(form, await stateOf(form));
}
