// The cryptography of a secret ballot in the browser: what the voter, the registrar and
// the trustees compute themselves, so that the server never has a vote, a credential or
// a key. It writes the messages of Belenios 2.0 as package ballot reads them, byte by byte;
// a test holds both to the same vectors. SHA-256, PBKDF2, AES and randomness are the
// browser's own (WebCrypto); numbers are BigInt. BigInt is not constant-time: what is
// secret is computed on the own device of whoever owns it, and nowhere else.

const text = new TextEncoder(), untext = new TextDecoder();
const name = 'BELENIOS-2048';
const p = 20694785691422546401013643657505008064922989295751104097100884787057374219242717401922237254497684338129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049081167099310535867780980030790491654063777173764198678527273474476341835600035698305193144284561701911000786737307333564123971732897913240474578834468260652327974647951137672658693582180046317922073668860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201320481118852408731077014151666200162313177169372189248078507711827842317498073276598828825169183103125680162072880719n;
const q = 78571733251071885079927659812671450121821421258408794611510081919805623223441n;
const g = 2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678799694668298749389095083896573425601900601068477164491735474137283104610458681314511781646755400527402889846139864532661215055797097162016168270312886432456663834863635782106154918419982534315189740658186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982665103606822406635076697764025346253773085133173495194248967754052573659049492477631475991575198775177711481490920456600205478127054728238140972518639858334115700568353695553423781475582491896050296680037745308460627n;

const modulo = (n) => ((n % q) + q) % q;

// power is a^e for a base that is used once.
function power(a, e) {
  let x = 1n;
  for (const bit of e.toString(2)) {
    x = x * x % p;
    if (bit === '1') x = x * a % p;
  }
  return x;
}

// A base that comes again and again keeps its powers, a byte of the exponent at a time.
const tables = new Map();
function fixed(a, e) {
  let rows = tables.get(a);
  if (!rows) {
    rows = [];
    let base = a;
    for (let i = 0; i < 32; i++) {
      const row = [1n];
      for (let v = 1; v < 256; v++) row.push(row[v - 1] * base % p);
      rows.push(row);
      base = row[255] * base % p;
    }
    tables.set(a, rows);
  }
  let x = 1n;
  for (let i = 0; i < 32; i++, e >>= 8n) {
    const v = Number(e & 255n);
    if (v) x = x * rows[i][v] % p;
  }
  return x;
}

function inverse(a, m) {
  let [r, s, x, y] = [((a % m) + m) % m, m, 1n, 0n];
  while (s) {
    const t = r / s;
    [r, s, x, y] = [s, r - t * s, y, x - t * y];
  }
  return ((x % m) + m) % m;
}

function element(s) {
  if (!/^[1-9][0-9]{0,616}$/.test(s)) throw new Error('not a number');
  const x = BigInt(s);
  if (x >= p || power(x, q) !== 1n) throw new Error('not an element of the group');
  return x;
}

const number = (bytes) => BigInt('0x' + hex(bytes));
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const unhex = (s) => Uint8Array.from(s.match(/../g) ?? [], (b) => parseInt(b, 16));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const unbase64 = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
const sha256 = async (s) => new Uint8Array(await crypto.subtle.digest('SHA-256', text.encode(s)));
const hash = async (s) => number(await sha256(s)) % q;
const write = (v) => JSON.stringify(v);

// B64 is a fingerprint or a tracker: SHA-256 in base64 without padding.
export const b64 = async (s) => base64(await sha256(s)).replace(/=+$/, '');

// draw is a random scalar: 128 bits more than the order has, reduced.
export const draw = () => number(crypto.getRandomValues(new Uint8Array(48))) % q;

// below is a random whole number below n, none likelier than another.
export function below(n) {
  const most = Math.floor(2 ** 32 / n) * n, word = new Uint32Array(1);
  do crypto.getRandomValues(word); while (word[0] >= most);
  return word[0] % n;
}

// shuffled is a list in random order.
export function shuffled(list) {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

// Credentials.
const signs = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const some = (n) => Array.from({ length: n }, () => signs[below(58)]).join('');

function checkSign(s) {
  let c = 0n;
  for (const d of s) c = c * 58n + BigInt(signs.indexOf(d));
  return signs[53 - Number(c % 53n)];
}

const hyphened = (s) => s.match(/.../g).join('-');

// newCredential is what a voter gets on a slip: 14 random signs and one that tells slips of
// the pen.
export function newCredential() {
  const s = some(14);
  return hyphened(s + checkSign(s));
}

// normal brings a typed credential into its one form, or is '' for one that is mistyped.
export function normal(typed) {
  const s = typed.replace(/[-\s]/g, '');
  if (s.length !== 15 || [...s].some((d) => !signs.includes(d)) || s[14] !== checkSign(s.slice(0, 14))) return '';
  return hyphened(s);
}

async function secretOf(credential, uuid) {
  const key = await crypto.subtle.importKey('raw', text.encode(credential), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: text.encode(uuid), iterations: 1000 }, key, 256);
  return number(new Uint8Array(bits)) % q;
}

// publicOf is the public credential of a private one in one election, in decimal.
export const publicOf = async (credential, uuid) => String(fixed(g, await secretOf(credential, uuid)));

// credentials is the object of public credentials, in the order of their numbers, so that it
// says nothing about who is who.
export const credentials = (all) => write(all.map(BigInt).sort((a, b) => (a < b ? -1 : 1)).map(String));

// Proofs.
async function prove(secret, said, random) {
  const w = random(), challenge = await hash(said(fixed(g, w)));
  return { challenge: String(challenge), response: String(modulo(w - secret * challenge)) };
}

async function knows(key, proof, said) {
  const c = BigInt(proof.challenge), r = BigInt(proof.response);
  return c < q && r < q && await hash(said(fixed(g, r) * power(key, c) % p)) === c;
}

// oneOf proves that a ciphertext of randomness r and value m hides one of the values from
// least to most. All that it raises to a power is g or y: the prover knows r.
async function oneOf(prefix, y, r, m, least, most, random) {
  const proofs = [], commitments = [];
  let sum = 0n;
  for (let v = least; v <= most; v++) {
    if (v === m) continue;
    const c = random(), e = random(), whole = modulo(e + r * c);
    const b = fixed(y, whole) * fixed(g, modulo(BigInt(m - v) * c)) % p;
    commitments[v - least] = `${fixed(g, whole)},${b}`;
    proofs[v - least] = { challenge: String(c), response: String(e) };
    sum += c;
  }
  const w = random();
  commitments[m - least] = `${fixed(g, w)},${fixed(y, w)}`;
  const c = modulo(await hash(prefix + commitments.join(',')) - sum);
  proofs[m - least] = { challenge: String(c), response: String(modulo(w - r * c)) };
  return proofs;
}

async function answer(question, vote, y, scope, random) {
  const chosen = vote.reduce((a, b) => a + b, 0);
  if (vote.length !== question.answers.length || chosen < question.min || chosen > question.max) throw new Error('this many cannot be chosen');
  const nonces = vote.map(() => random());
  const pairs = vote.map((m, i) => ({ alpha: fixed(g, nonces[i]), beta: m ? fixed(y, nonces[i]) * g % p : fixed(y, nonces[i]) }));
  const said = pairs.map((c) => `${c.alpha},${c.beta}`);
  const individual = [];
  for (let i = 0; i < vote.length; i++) individual.push(await oneOf(`prove|${scope}|${said[i]}|`, y, nonces[i], vote[i], 0, 1, random));
  const alpha = pairs.reduce((a, c) => a * c.alpha % p, 1n), beta = pairs.reduce((a, c) => a * c.beta % p, 1n);
  const r = modulo(nonces.reduce((a, b) => a + b, 0n));
  const overall = await oneOf(`prove|${scope}|${said.join(',')}|${alpha},${beta}|`, y, r, chosen, question.min, question.max, random);
  return { choices: pairs.map((c) => ({ alpha: String(c.alpha), beta: String(c.beta) })), individual_proofs: individual, overall_proof: overall };
}

// vote encrypts, proves and signs a ballot. election is the text of the election object,
// votes a 0 or 1 for each answer of each question.
export async function vote(election, credential, votes, random = draw, told = async () => {}) {
  const e = JSON.parse(election);
  if (e.group !== name || e.version !== 1 || votes.length !== e.questions.length) throw new Error('not an election of ours');
  const y = element(e.public_key), print = await b64(election), secret = await secretOf(credential, e.uuid), own = String(fixed(g, secret));
  const ballot = { election_uuid: e.uuid, election_hash: print, credential: own, answers: [] };
  for (let i = 0; i < votes.length; i++) {
    ballot.answers.push(await answer(e.questions[i], votes[i], y, `${print}|${own}`, random));
    await told(i + 1, votes.length);
  }
  const h = await b64(write(ballot));
  ballot.signature = { hash: h, proof: await prove(secret, (a) => `sig|${h}|${a}`, random) };
  return write(ballot);
}

// Trustees. A seed holds two keys: one signs, one reads.
export const newSeed = () => some(22);
const keysOf = async (seed) => ({ sign: number(await sha256(`sk|${seed}`)), read: number(await sha256(`dk|${seed}`)) });
const signature = async (key, message, random) => ({ message, signature: await prove(key, (a) => `sigmsg|${message}|${a}`, random) });
const signed = (key, s) => knows(key, s.signature, (a) => `sigmsg|${s.message}|${a}`);

async function certified(cert) {
  const s = JSON.parse(cert), keys = JSON.parse(s.message), verify = element(keys.verification);
  if (!await signed(verify, s)) throw new Error('a certificate does not hold');
  return { verify, encrypt: element(keys.encryption) };
}

// AES-256-CCM with a tag of 8 bytes, made of the browser's CTR and CBC as RFC 3610 says.
async function ccm(common, alpha, length) {
  const raw = await sha256(`key|${common}`);
  const counting = await crypto.subtle.importKey('raw', raw, 'AES-CTR', false, ['encrypt']);
  const chaining = await crypto.subtle.importKey('raw', raw, 'AES-CBC', false, ['encrypt']);
  const nonce = (await sha256(`iv|${alpha}`)).slice(0, length < 65536 ? 13 : 12);
  const block = (i, flags = 0) => {
    const b = new Uint8Array(16);
    new DataView(b.buffer).setUint32(12, i);
    b[0] = flags | (14 - nonce.length);
    b.set(nonce, 1);
    return b;
  };
  const crypt = async (i, data) => new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter: block(i), length: 8 * (15 - nonce.length) }, counting, data));
  const tag = async (data) => {
    const all = new Uint8Array(16 + Math.ceil(data.length / 16) * 16);
    all.set(block(data.length, 3 << 3));
    all.set(data, 16);
    const out = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, chaining, all));
    return crypt(0, out.slice(all.length - 16, all.length - 8)); // the block after is padding
  };
  return { crypt: (data) => crypt(1, data), tag };
}

async function send(own, to, message, random) {
  const s = await signature(own.sign, write({ recipient: String(to), message }), random);
  const r = random(), common = fixed(g, random()), alpha = fixed(g, r), plain = text.encode(write(s));
  const c = await ccm(common, alpha, plain.length);
  return write({ alpha: String(alpha), beta: String(power(to, r) * common % p), data: hex(await c.crypt(plain)) + hex(await c.tag(plain)) });
}

async function receive(own, from, sent) {
  const e = JSON.parse(sent), alpha = element(e.alpha), data = unhex(e.data), n = data.length - 8;
  const common = element(e.beta) * inverse(power(alpha, own.read), p) % p;
  const c = await ccm(common, alpha, n), plain = await c.crypt(data.slice(0, n));
  if (n < 0 || hex(await c.tag(plain)) !== hex(data.slice(n))) throw new Error('a message was changed on its way');
  const s = JSON.parse(untext.decode(plain)), m = JSON.parse(s.message);
  if (m.recipient !== String(fixed(g, own.read)) || !await signed(from, s)) throw new Error('a message is not for this trustee, or not of its sender');
  return m.message;
}

// certify is what a trustee sends first.
export async function certify(seed, random = draw) {
  const own = await keysOf(seed);
  return write(await signature(own.sign, write({ verification: String(fixed(g, own.sign)), encryption: String(fixed(g, own.read)) }), random));
}

// deal is what a trustee sends second: a share of a secret of its own for each. certs are in
// the order that numbers the trustees; who counts from 0.
export async function deal(seed, certs, who, threshold, random = draw) {
  const own = await keysOf(seed), all = [];
  for (const c of certs) all.push(await certified(c));
  const f = Array.from({ length: threshold }, () => random());
  const at = (x) => f.reduceRight((y, a) => modulo(y * x + a), 0n);
  const polynomial = await send(own, all[who].encrypt, write({ polynomial: f.map(String) }), random);
  const secrets = [];
  for (let j = 0; j < all.length; j++) secrets.push(await send(own, all[j].encrypt, write({ secret: String(at(BigInt(j + 1))) }), random));
  const coefexps = await signature(own.sign, write({ coefexps: f.map((a) => String(fixed(g, a))) }), random);
  return write({ polynomial, secrets, coefexps });
}

// shareKey is what the commitments of dealers make of a trustee's number.
function shareKey(dealers, j) {
  let x = 1n;
  for (const exps of dealers) {
    let e = 1n;
    for (const a of exps) {
      x = x * power(a, e) % p;
      e = modulo(e * BigInt(j));
    }
  }
  return x;
}

// accept checks what all dealt to a trustee and is what it sends third. The error's dealer
// counts from 1.
export async function accept(seed, certs, who, dealt, random = draw) {
  const own = await keysOf(seed), d = JSON.parse(dealt);
  let secret = 0n;
  for (let i = 0; i < certs.length; i++) {
    try {
      const from = await certified(certs[i]), commitments = d.coefexps[i];
      if (!await signed(from.verify, commitments)) throw new Error('commitments not signed');
      const exps = JSON.parse(commitments.message).coefexps.map(element);
      const s = BigInt(JSON.parse(await receive(own, from.verify, d.secrets[i])).secret) % q;
      if (fixed(g, s) !== shareKey([exps], who + 1)) throw new Error('the share is not that of the commitments');
      secret = modulo(secret + s);
    } catch (e) {
      throw Object.assign(e, { dealer: i + 1 });
    }
  }
  const key = fixed(g, secret), pok = await prove(secret, (a) => `pok|${name}|${key}|${a}`, random);
  const sent = await send(own, fixed(g, own.read), write({ decryption_key: String(secret) }), random);
  return write({ private_key: sent, public_key: { pok, public_key: String(key) } });
}

// decrypt is a trustee's part of the decryption of an encrypted tally, with its proofs. sealed
// is the trustee's part of the key, as it sent it to itself.
export async function decrypt(seed, sealed, election, tally, random = draw) {
  const own = await keysOf(seed);
  const secret = BigInt(JSON.parse(await receive(own, fixed(g, own.sign), sealed)).decryption_key) % q;
  const key = fixed(g, secret), print = await b64(election);
  const factors = [], proofs = [];
  for (const question of JSON.parse(tally)) {
    const fs = [], ps = [];
    for (const c of question) {
      const alpha = element(c.alpha), w = random();
      const challenge = await hash(`decrypt|${print}|${key}|${fixed(g, w)},${power(alpha, w)}`);
      fs.push(String(power(alpha, secret)));
      ps.push({ challenge: String(challenge), response: String(modulo(w - secret * challenge)) });
    }
    factors.push(fs);
    proofs.push(ps);
  }
  return write({ decryption_factors: factors, decryption_proofs: proofs });
}

// A seed leaves the browser only locked with a passphrase, as a file that its trustee keeps.
const rounds = 600000;
async function lockKey(passphrase, salt) {
  const key = await crypto.subtle.importKey('raw', text.encode(passphrase.normalize('NFC')), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, key, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

// lock encrypts a seed with a passphrase: the contents of the key file.
export async function lock(seed, passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await lockKey(passphrase, salt), text.encode(seed)));
  return write({ kind: 'shifan trustee key 1', salt: base64(salt), iv: base64(iv), data: base64(data) });
}

// unlock opens a key file, or is '' when the file or the passphrase is another.
export async function unlock(file, passphrase) {
  try {
    const f = JSON.parse(file);
    return untext.decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: unbase64(f.iv) }, await lockKey(passphrase, unbase64(f.salt)), unbase64(f.data)));
  } catch {
    return '';
  }
}
