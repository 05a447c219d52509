// The page's own recomputation of a draw of assessors (docs/draw-format.md), by
// the browser's SubtleCrypto. A test runs this very file beside the program and
// the script of the certificate.

const utf8 = new TextEncoder();
const hex = (b) => [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
const sha256 = async (b) => new Uint8Array(await crypto.subtle.digest("SHA-256", b));
const less = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// Texts are compared as bytes, as everybody else does it; strings of the browser
// are compared by halves of characters.
function byBytes(a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
}

// commitment is SHA-256(secret‖nonce).
export async function commitment(secret, nonce) {
  return hex(await sha256(utf8.encode(secret + nonce)));
}

// recompute returns seed, ranking and teams of a published draw, or throws what
// does not hold.
export async function recompute(doc) {
  const pool = await sha256(utf8.encode(doc.pool));
  const rule = await sha256(utf8.encode(doc.rule));
  if (hex(pool) !== doc.pool_sha256) throw new Error("名单与其摘要不符");
  if (hex(rule) !== doc.rule_sha256) throw new Error("规则与其摘要不符");
  const reveals = [];
  for (const p of doc.parties) {
    if ((await commitment(p.secret, p.nonce)) !== p.commitment) throw new Error("有一方揭示的内容与承诺不符，或还没有揭示");
    reveals.push(utf8.encode(p.secret + p.nonce + "\n"));
  }
  reveals.sort(byBytes);
  const external = utf8.encode(doc.external ? doc.external.value : "");
  const seed = await sha256(joined(utf8.encode("rz-draw/v1"), pool, rule, ...reveals, external));
  const rows = doc.pool.split("\n").map((l) => l.split(" "));
  const rules = doc.rule.split("\n").map((l) => l.split(" "));
  const members = rows.filter((r) => r[0] === "member");
  const lead = rules.find((r) => r[0] === "lead")[1];
  const key = await crypto.subtle.importKey("raw", seed, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const ranking = {}, seats = {};
  for (const [word, stratum, n] of rules) {
    if (word !== "quota") continue;
    seats[stratum] = Number(n);
    const order = [];
    for (const m of members) if (m[2] === stratum) order.push([hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(m[1])))), m[1]]);
    ranking[stratum] = order.sort((a, b) => less(a[0], b[0])).map((o) => o[1]);
  }
  const out = new Set(members.flatMap((m) => m[3].split(",").map((c) => m[1] + c)));
  const strata = Object.keys(ranking).sort((a, b) => (a === lead ? -1 : b === lead ? 1 : less(a, b)));
  const teams = {};
  for (const r of rows.filter((r) => r[0] === "case")) {
    teams[r[1]] = strata.flatMap((s) => ranking[s].filter((m) => !out.has(m + r[1])).slice(0, seats[s]));
  }
  return { seed: hex(seed), ranking, teams };
}

// same compares what was recomputed with what was published.
function differs(doc, got) {
  if (got.seed !== doc.seed) return "种子不符";
  const order = Object.fromEntries(doc.ranking.map((k) => [k.stratum, k.order.map((r) => r.id)]));
  const teams = Object.fromEntries(doc.teams.map((t) => [t.case, t.members]));
  const plain = (o) => JSON.stringify(Object.entries(o).sort((a, b) => less(a[0], b[0])));
  if (plain(order) !== plain(got.ranking)) return "排序不符";
  return plain(teams) === plain(got.teams) ? "" : "考核组不符";
}

const unsafe = "浏览器只在加密的连接（https）上提供计算功能。可以下载抽取记录，用证明书上的程序重算，或在复算页由平台重算。";

// checkHere recomputes the draw of the page.
async function checkHere(box) {
  const say = box.querySelector("[data-said]");
  try {
    if (!globalThis.crypto?.subtle) throw new Error(unsafe);
    const doc = await (await fetch(box.dataset.recompute)).json();
    const got = await recompute(doc);
    const wrong = differs(doc, got);
    say.textContent = wrong ? "不成立：" + wrong + "。" : "成立。本机算得的种子是 " + got.seed + "，排序和考核组与公布的一致。";
  } catch (e) {
    say.textContent = "没有算成：" + e.message;
  }
}

// commitHere makes the digest on this machine, so that the secret is not sent.
async function commitHere(form) {
  const field = (name) => form.elements.namedItem(name);
  const secret = field("secret"), nonce = field("nonce"), digest = field("commitment");
  // A digest that a refused attempt left in the form is of another nonce: what is
  // typed now counts, and is not sent beside it.
  if (!globalThis.crypto?.subtle || !secret.value.trim()) return;
  secret.value = secret.value.trim();
  digest.value = await commitment(secret.value, nonce.value);
  secret.disabled = nonce.disabled = true; // a field that is disabled is not sent
}

if (globalThis.document) {
  for (const box of document.querySelectorAll("[data-recompute]")) {
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () => checkHere(box));
  }
  const form = document.querySelector("form[data-commit]");
  if (form && globalThis.crypto?.subtle) {
    form.elements.namedItem("nonce").value = hex(crypto.getRandomValues(new Uint8Array(16))); // the platform does not know this one
  }
  form?.addEventListener("submit", async (e) => {
    e.preventDefault();
    await commitHere(form);
    HTMLFormElement.prototype.submit.call(form); // goes out as it is now, past this listener
  });
}
