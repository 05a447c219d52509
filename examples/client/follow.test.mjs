// The example runs against the demonstration: what it lists is what the public list has,
// and with a token that a person makes on a page it follows the rounds.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

let server, base;

before(async () => {
  server = spawn(process.env.SHIFAN ?? "../../build/shifan", ["demo", "--listen", "127.0.0.1:18097"], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const said of server.stdout) {
    const at = /http:\/\/127\.0\.0\.1:\d+/.exec(String(said));
    if (at) {
      base = at[0];
      break;
    }
  }
});

after(async () => {
  server.kill("SIGTERM");
  await once(server, "exit");
});

const run = async (...args) => (await promisify(execFile)(process.execPath, ["built/follow.js", base, ...args])).stdout.trim().split("\n");

/** token enters the demonstration as the clerk and makes one, as a person does. */
async function token() {
  const form = (cookie, path, body) =>
    fetch(base + path, { method: "POST", redirect: "manual", headers: { cookie, origin: base }, body: new URLSearchParams(body) });
  const page = await (await fetch(base + "/demo")).text();
  const who = /name="who" value="([^"]+ clerk)"/.exec(page)[1];
  const entered = await form("", "/demo/enter", [["who", who]]);
  const cookie = entered.headers.getSetCookie().map((c) => c.split(";")[0]).find((c) => c.includes("session="));
  const made = await (await form(cookie, "/account/tokens/new", [["name", "例子"], ["days", "1"], ["scopes", "rounds:read"]])).text();
  return /shf_[a-z2-7]{32}/.exec(made)[0];
}

test("titles are read page by page", async () => {
  const lines = await run();
  const { designations } = await (await fetch(base + "/designations.json?state=valid")).json();
  assert.ok(designations.length > 2, "the demonstration has more than a page of titles");
  assert.deepEqual(lines.map((l) => l.split("\t")[0]).sort(), designations.map((d) => d.number).sort());
});

test("a round is followed with a token", async () => {
  const lines = await run(await token());
  assert.ok(lines.some((l) => /收到\d+件/.test(l)), lines.join("\n"));
});
