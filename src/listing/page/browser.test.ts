import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { BrowserPage, noBrowser } from '../../../testing/browser.ts';
import { hostileMarkup } from '../../../testing/hostile-markup.ts';
import { shownServer } from '../../../testing/shown-servers.ts';
import type { Cleanup } from '../../../testing/temporary.ts';
import { KnownNames } from './known-names.ts';
import { listingPage } from './page.ts';
import { parsePageQuery } from './query.ts';
import type { ShownServer } from './shown-server.ts';

const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const STYLE = readFileSync(new URL('./style.css', import.meta.url));
const FOLDER = '/servers/';
const skip = noBrowser;

const VARIED: readonly ShownServer[] = [
  ['Parlance', 'chat.example.org:443'],
  ['دردشة القاهرة', '[2001:db8:85a3:1111:2222:8a2e:370:7334]:5000'],
  ['ห้องแชทกรุงเทพ', '192.0.2.7:5000'],
  ['🦊 Café', 'fox.example.net:5000'],
  ['W'.repeat(64), `${'long-'.repeat(12)}name.${'sub.'.repeat(40)}example.com:65535`],
  ['a b \u202egnp.exe', 'rtl.example.org:5000'],
].map(([serverName = '', address = ''], id) =>
  shownServer({ id, serverName, address, connectedUsers: 100_000 - id, maxUsers: 1_000_000, pingMs: 4_999 }),
);

/** A browser at a directory of these servers, which is in a folder of its address, and other pages of that. */
async function visit(cleanup: Cleanup, servers: readonly ShownServer[]) {
  const names = new KnownNames();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    response.setHeader('Content-Security-Policy', POLICY);
    if (pathname === `${FOLDER}style.css`) return response.setHeader('Content-Type', 'text/css').end(STYLE);
    if (pathname !== FOLDER) return response.writeHead(404).end();
    response.setHeader('Content-Type', 'text/html');
    response.end(listingPage(servers, parsePageQuery(searchParams), 86_400_000, names));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanup.after(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${FOLDER}`;
  const page = await BrowserPage.open(cleanup, address);
  return { page, go: (search: string) => page.load(address + search) };
}

const KEYS = { Tab: { windowsVirtualKeyCode: 9 }, Enter: { windowsVirtualKeyCode: 13, text: '\r' } };

async function press(page: BrowserPage, key: keyof typeof KEYS): Promise<void> {
  const pressed = { key, code: key, ...KEYS[key] };
  await page.ask('Input.dispatchKeyEvent', { type: 'keyDown', ...pressed });
  await page.ask('Input.dispatchKeyEvent', { type: 'keyUp', ...pressed });
}

async function resize(page: BrowserPage, width: number, height: number): Promise<void> {
  await page.ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 500 });
}

/** The value of an expression that JSON can carry. */
async function evaluate<T>(page: BrowserPage, expression: string): Promise<T> {
  return JSON.parse(String(await page.type(`JSON.stringify(${expression})`))) as T;
}

/** What a screen reader is told: the role and the name of each node. */
async function spoken(page: BrowserPage): Promise<string[]> {
  type Node = { readonly role?: { value: string }; readonly name?: { value: string }; readonly ignored: boolean };
  const { nodes } = (await page.ask('Accessibility.getFullAXTree', {})) as { nodes: readonly Node[] };
  return nodes.filter(({ ignored }) => !ignored).map(({ role, name }) => `${role?.value}: ${name?.value ?? ''}`);
}

test('LIST-89 the search is typed and sent by keyboard, without a word in the console', { skip }, async (t) => {
  const { page } = await visit(t, VARIED);
  assert.equal(await page.type('document.title'), 'Chat servers');
  assert.equal(
    await page.type('getComputedStyle(document.querySelector("td.join a")).fontWeight'),
    '600',
    'has its style',
  );
  await press(page, 'Tab');
  for (const text of 'CAFE') await page.ask('Input.dispatchKeyEvent', { type: 'char', text });
  await page.loadBy(() => press(page, 'Enter'));
  assert.equal(await page.type('location.pathname + location.search'), `${FOLDER}?q=CAFE&sort=users`);
  assert.equal(await page.type('document.title'), 'CAFE – Chat servers');
  assert.deepEqual(await evaluate(page, '[...document.querySelectorAll("tbody th")].map((th) => th.textContent)'), [
    '🦊 Café',
  ]);
  await page.loadBy(() => page.type('document.querySelector("a").click()'));
  assert.equal(await page.type('document.querySelectorAll("tbody tr").length'), VARIED.length);
  await page.loadBy(() => page.type('document.querySelector("th.name a").click()'));
  assert.equal(await page.type('document.querySelector("[aria-sort]").textContent'), 'Name');
  assert.deepEqual(page.lines, []);
});

test('LIST-90 Tab leads through the search, the orders and the buttons, and shows where it is', { skip }, async (t) => {
  const { page, go } = await visit(t, VARIED);
  for (const width of [1_200, 390]) {
    await resize(page, width, 800);
    await go('');
    const stops: string[] = [];
    for (let stop = 0; stop < 6 + VARIED.length; stop++) {
      await press(page, 'Tab');
      const [name, outline, isSeen] = await evaluate<[string, string, boolean]>(
        page,
        `(() => {
          const at = document.activeElement;
          const { top, bottom, width, height } = at.getBoundingClientRect();
          const isSeen = top >= 0 && bottom <= innerHeight && width >= 24 && height >= 20;
          return [at.ariaLabel ?? (at.textContent || at.id), getComputedStyle(at).outlineStyle, isSeen];
        })()`,
      );
      stops.push(name);
      assert.deepEqual([outline, isSeen], ['solid', true], name);
    }
    const buttons = VARIED.map(({ serverName }) => `Join ${serverName}`);
    assert.deepEqual(stops, ['q', 'Search', 'Name', 'Users', 'Ping', 'Uptime', ...buttons]);
  }
});

test('LIST-90 a screen reader finds a table on every screen', { skip }, async (t) => {
  const { page } = await visit(t, VARIED.slice(0, 2));
  for (const width of [1_200, 700, 360]) {
    await resize(page, width, 640);
    const nodes = await spoken(page);
    const of = (role: string) => nodes.filter((node) => node.startsWith(`${role}: `));
    assert.deepEqual(of('table'), ['table: 2 servers'], `${width}`);
    assert.equal(of('row').length, 3);
    assert.deepEqual(
      of('rowheader'),
      VARIED.slice(0, 2).map(({ serverName }) => `rowheader: ${serverName}`),
    );
    assert.deepEqual(
      of('columnheader'),
      ['Name', 'Address', 'Users', 'Ping', 'Uptime', 'Join'].map((title) => `columnheader: ${title}`),
    );
    assert.deepEqual(
      of('cell')
        .slice(0, 5)
        .map((cell) => cell.slice(6)),
      ['chat.example.org :443', '100,000 of 1,000,000', '4,999 ms', '1 day', 'Join Parlance'],
    );
    assert.ok(of('link').includes('link: Join Parlance'));
    assert.deepEqual(of('heading'), ['heading: Chat servers']);
    assert.deepEqual(of('searchbox'), ['searchbox: Search by name or address']);
    for (const role of ['banner', 'main', 'contentinfo', 'search']) assert.equal(of(role).length, 1, role);
  }
});

test('LIST-91 LIST-85 nothing is wider than the screen, and no name leaves its place', { skip }, async (t) => {
  const piled = shownServer({ id: 100, serverName: `a${'\u0301'.repeat(63)}` });
  const many = Array.from({ length: 150 }, (_, index) => ({ ...(VARIED[index % VARIED.length] ?? piled), id: index }));
  const { page, go } = await visit(t, [piled, ...many]);
  for (const search of ['', '?page=2', `?q=${'W'.repeat(64)}`, `?q=${'x'.repeat(64)}`]) {
    for (const [width, height] of [
      [320, 640],
      [360, 640],
      [641, 800],
      [897, 800],
      [1_200, 800],
    ] as const) {
      await resize(page, width, height);
      await go(search);
      const wide = Number(await page.type('document.scrollingElement.scrollWidth'));
      assert.ok(wide <= width, `${search}: ${wide} of ${width}`);
    }
  }
  assert.equal(await page.type('document.querySelectorAll("bdi").length'), 1);
  await go('?sort=name');
  assert.equal(await page.type('getComputedStyle(document.querySelector("tbody bdi")).overflowY'), 'clip');
});

test('LIST-91 all text can be read, in light and in dark', { skip }, async (t) => {
  const many = Array.from({ length: 101 }, (_, id) => shownServer({ id }));
  const { page, go } = await visit(t, many);
  const backgrounds = new Set<unknown>();
  for (const value of ['light', 'dark']) {
    await page.ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
    for (const [search, width] of [
      ['', 1_200],
      ['', 390],
      ['?q=nobody', 390],
    ] as const) {
      await resize(page, width, 800);
      await go(search);
      backgrounds.add(await page.type('getComputedStyle(document.body).backgroundColor'));
      assert.deepEqual(await evaluate(page, `(${faintTexts})()`), [], `${value} ${search} ${width}`);
    }
  }
  assert.equal(backgrounds.size, 2);
});

/** Runs in the page: the texts whose contrast to what is behind them is below 4.5. */
function faintTexts(): string[] {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    const { backgroundColor } = getComputedStyle(element ?? document.documentElement);
    return channels(backgroundColor)[3] === 0 ? behind(element?.parentElement ?? document.body) : backgroundColor;
  };
  return [...document.body.querySelectorAll('*')].flatMap((element) => {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent?.trim());
    if (text.join('') === '') return [];
    const [high = 0, low = 0] = [getComputedStyle(element).color, behind(element)].map(luminance).sort((a, b) => b - a);
    const contrast = (high + 0.05) / (low + 0.05);
    return contrast < 4.5 ? [`${text.join('')}: ${contrast}`] : [];
  });
}

test('LIST-84 T39 500 hostile texts in every field stay text', { skip }, async (t) => {
  const hostile = hostileMarkup();
  assert.ok(hostile.length >= 500);
  const servers = hostile.map((text, id) => shownServer({ id, serverName: text, address: `${text}:5000` }));
  const { page, go } = await visit(t, servers);
  const shown = 'document.querySelectorAll("tbody tr").length';
  const seen = new Set<string>();
  for (let number = 1; number <= Math.ceil(hostile.length / 100); number++) {
    await go(`?page=${number}`);
    const texts = await evaluate<string[]>(page, '[...document.querySelectorAll("bdi")].map((bdi) => bdi.textContent)');
    for (const text of texts) seen.add(text);
    const [all, rows] = await evaluate<[number, number]>(
      page,
      `[document.querySelectorAll("tbody *").length, ${shown}]`,
    );
    assert.equal(all, rows * 11, 'a row, six cells, two names, a possible break and a button');
    assert.equal(await page.type('[...document.links].every(({ href }) => href.startsWith("http://"))'), true);
  }
  for (const text of hostile) {
    assert.ok(seen.has(text), text);
    assert.ok(seen.has(`${text}:5000`), text);
  }
  for (const text of hostile.filter((text, index) => index % 25 === 0 && text.length <= 64)) {
    await go(`?q=${encodeURIComponent(text)}`);
    assert.equal(await page.type('document.querySelector("input").value'), text.trim());
    assert.equal(await page.type('document.title'), `${text.trim()} – Chat servers`);
    assert.equal(await page.type('document.querySelector("main").children.length'), 4);
  }
  assert.deepEqual(page.lines, []);
});
