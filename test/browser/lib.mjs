// What every journey needs: a demonstration server of its own, a browser, the
// accessibility judge, and a place for pictures.
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const top = path.resolve(import.meta.dirname, '../..');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const pictures = path.join(top, 'build/screenshots');

// Chromium asks the network for nothing: the tests run without one.
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--no-first-run', '--disable-quic'];

async function freePort() {
  return new Promise((resolve) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

// build makes the program; scripts/test has made it before, because several files at
// once would write into one.
function build() {
  const binary = path.join(top, 'build/shifan');
  if (process.env.SHIFAN_BUILT) return binary;
  execFileSync('go', ['build', '-o', binary, './cmd/shifan'], { cwd: top, stdio: 'inherit' });
  return binary;
}

// demo starts `shifan demo` and waits until it answers. stop() ends it.
export async function demo(...args) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(build(), ['demo', '--listen', `127.0.0.1:${port}`, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  server.stdout.on('data', (b) => { said += b; });
  server.stderr.on('data', (b) => { said += b; });
  for (let i = 0; ; i++) {
    try {
      if ((await fetch(`${url}/healthz`)).ok) break;
    } catch { /* not yet */ }
    if (server.exitCode !== null || i > 300) throw new Error(`the demonstration did not start:\n${said}`);
    await new Promise((r) => setTimeout(r, 200));
  }
  return { url, said: () => said, stop: () => server.kill('SIGTERM') };
}

// place puts a page in the place of the one that a window has, and waits until it is
// dressed. No script of the page's runs.
const place = async ([href, text]) => {
  history.replaceState(null, '', href);
  const page = document.adoptNode(new DOMParser().parseFromString(text, 'text/html').documentElement);
  const dressed = [...page.querySelectorAll('link[rel=stylesheet]')].map((link) => new Promise((done) => {
    link.onload = done;
    link.onerror = done;
  }));
  document.replaceChild(page, document.documentElement);
  await Promise.all(dressed);
};

// browse opens a browser; page() gives a page of the wanted size. Script can be
// switched off, because every page must work without it. copy() shows what such a page
// shows now in a window with script, which the accessibility judge needs, and there it
// stays as it is: it reloads nothing and runs no script of its own.
export async function browse() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell', args: flags });
  const window = async ({ width = 1280, height = 900, script = true } = {}) => {
    const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: script, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000); // a machine may be busy
    return page;
  };
  let twin; // one window for all copies: the judge is brought into it once
  const copy = async (page) => {
    const { href, origin } = new URL(page.url());
    if (!twin?.url().startsWith(`${origin}/`)) {
      twin ??= await window();
      await twin.route('**/copied', (r) => r.fulfill({ body: '<!doctype html><title>copied</title>', contentType: 'text/html' }));
      await twin.goto(`${origin}/copied`);
    }
    await twin.evaluate(place, [href, await page.content()]);
    return twin;
  };
  const ready = (page) => {
    page.copy = () => copy(page);
    return page;
  };
  // again opens the same browser anew at an address, as after it was closed.
  const again = async (page, url) => {
    const context = page.context();
    await page.close();
    const fresh = ready(await context.newPage());
    await fresh.goto(url);
    return fresh;
  };
  return {
    page: async (size) => ready(await window(size)),
    again,
    close: () => browser.close(),
  };
}

// picture keeps what the page looks like, as far down as a browser can paint at once.
export async function picture(page, name) {
  mkdirSync(pictures, { recursive: true });
  const { width } = page.viewportSize();
  const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), 4000);
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true, clip: { x: 0, y: 0, width, height } });
}

// judge lets axe-core look at the page and returns its violations, one a line.
// It needs script in the page, which it brings itself.
export async function judge(page) {
  if (!await page.evaluate(() => Boolean(globalThis.axe))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
}

// fits reports how far the page can be scrolled sideways; 0 is right.
export async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
