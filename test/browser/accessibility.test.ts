import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { layoutProblems } from '../../testing/page-layout.ts';
import { startServerProcess } from '../../testing/server.ts';
import type { Cleanup } from '../../testing/temporary.ts';
import { WebClients } from '../../testing/web-client.ts';
import { makeWebScene, type WebScene } from '../../testing/web-scene.ts';
import { closeDialog, logInAs, settled, WEB_VIEWS } from '../../testing/web-views.ts';

const skip = noBrowser;
const clients = new WebClients({ after });
const PHONE: BrowserContextOptions = { viewport: { width: 320, height: 640 } };
/** The largest room has so many messages. */
const MOST = 60;

/** A server with the scene, for as long as the test runs. */
async function scenery(cleanup: Cleanup) {
  const server = await startServerProcess(cleanup);
  return { address: server.http, scene: await makeWebScene(cleanup, `${server.url}documents`, MOST) };
}

/** Opens each main view after the other, and collects what is wrong with it. */
async function inEveryView(
  page: Page,
  scene: WebScene,
  problemsOf: (page: Page, view: string) => Promise<readonly string[]>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, open } of WEB_VIEWS) {
    await open(page, scene);
    problems.push(...(await problemsOf(page, name)).map((problem) => `${name}: ${problem}`));
    await closeDialog(page);
  }
  return problems;
}

test('WEB-160 axe finds nothing in any of the main views, in light and in dark', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const { address, scene } = await scenery(cleanup);
  const client = await clients.open(cleanup, address);
  const { page } = client;
  const bothSchemes = async (): Promise<readonly string[]> => {
    const problems: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await settled(page);
      problems.push(...(await client.accessibilityProblems()).map((problem) => `${colorScheme}: ${problem}`));
    }
    return problems;
  };
  await page.locator('.ways button').first().waitFor();
  const problems = [...(await bothSchemes())];
  await logInAs(page, scene);
  problems.push(...(await inEveryView(page, scene, bothSchemes)));
  assert.deepEqual(problems, []);
});

test('WEB-166 on the narrowest phone no view is wider than the screen, no text is cut, and no target is too small', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const { address, scene } = await scenery(cleanup);
  const { page } = await clients.open(cleanup, address, PHONE);
  await page.locator('.ways button').first().waitFor();
  const problems = await layoutProblems(page);
  await logInAs(page, scene);
  assert.deepEqual([...problems, ...(await inEveryView(page, scene, layoutProblems))], []);
});

test('WEB-166 what is too wide, cut or too small is found', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const { page } = await clients.open(cleanup, server.http, PHONE);
  await page.locator('.ways button').first().waitFor();
  await page.evaluate(() => {
    const add = (name: string, text: string, style: Partial<CSSStyleDeclaration>) => {
      const element = document.createElement(name);
      element.textContent = text;
      Object.assign(element.style, style);
      document.body.prepend(element);
    };
    add('div', 'wide', { width: '400px' });
    add('div', 'this text is cut', { width: '40px', overflow: 'hidden', whiteSpace: 'nowrap' });
    add('button', 'small', { width: '20px', minHeight: '20px', height: '20px', padding: '0' });
  });
  const problems = (await layoutProblems(page)).join('\n');
  for (const pattern of [/wider than the page: div\. "wide"/, /cut: div\. "this text/, /too small \(20 x 20\): button/])
    assert.match(problems, pattern);
});

test('WEB-164 from right to left no view is wider than the screen, and names stand by themselves', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const { address, scene } = await scenery(cleanup);
  for (const options of [PHONE, {}]) {
    const { page } = await clients.open(cleanup, address, options);
    await logInAs(page, scene);
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    assert.deepEqual(await inEveryView(page, scene, layoutProblems), []);
    await WEB_VIEWS.find(({ name }) => name === 'room-ten')?.open(page, scene);
    const mixed = page.locator('.sender', { hasText: 'محمد العربي' }).first().locator('bdi').first();
    assert.equal(await mixed.evaluate((name) => getComputedStyle(name).unicodeBidi), 'isolate');
  }
});

test('WEB-163 with less motion nothing moves, and a message that stands out has a frame', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const { address, scene } = await scenery(cleanup);
  const { page } = await clients.open(cleanup, address, { reducedMotion: 'reduce' });
  await logInAs(page, scene);
  const moving = async () =>
    page.evaluate(() =>
      document.getAnimations().flatMap(({ effect }) => {
        const { duration } = effect?.getComputedTiming() ?? {};
        return typeof duration === 'number' && duration > 1 ? String(duration) : [];
      }),
    );
  assert.deepEqual(await inEveryView(page, scene, moving), []);
  await WEB_VIEWS.find(({ name }) => name === 'room-at-message')?.open(page, scene);
  const target = page.locator('.message[data-target="true"]');
  assert.equal(await target.evaluate((message) => getComputedStyle(message).outlineStyle), 'solid');
});

test('WEB-162 in forced colours unread rooms, the choice, found words and the focus can still be told', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const { address, scene } = await scenery(cleanup);
  const { page } = await clients.open(cleanup, address, { forcedColors: 'active' });
  await logInAs(page, scene);
  const styleOf = (selector: string, property: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), property);
  const open = async (name: string) => WEB_VIEWS.find((view) => view.name === name)?.open(page, scene);
  await open('room-empty');
  assert.equal(await styleOf('.room-item[data-unread="true"] .name', 'text-decoration-line'), 'underline');
  assert.notEqual(await styleOf('.room-item[aria-current="page"]', 'outline-style'), 'none');
  await open('search-found');
  const [mark, text] = [await styleOf('mark', 'background-color'), await styleOf('.found-text', 'background-color')];
  assert.notEqual(mark, text);
  await page.locator('.found-message').first().focus();
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await styleOf('.found-message:focus', 'outline-style'), 'none');
  await open('switch');
  assert.equal(await styleOf('[role="option"][aria-selected="true"]', 'outline-style'), 'solid');
});

/** The words of a page that people read or hear: texts, labels, tooltips and what stands in empty fields. */
async function wordsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const words = new Set<string>();
    const root = document.getElementById('page') ?? document.body;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.nodeType === Node.TEXT_NODE ? node.nodeValue : null;
      const attributes = ['aria-label', 'title', 'placeholder', 'alt'];
      const labels = node instanceof Element ? attributes.map((name) => node.getAttribute(name)) : [];
      for (const one of [text, ...labels]) if (one !== null && /\p{L}{2}/u.test(one)) words.add(one.trim());
    }
    return [...words];
  });
}

/** What is the same in both languages: what people have written and named, and these words. */
const SAME =
  /^(?:english|deutsch|online|offline|emoji|parlance|tagged|c2|msgpack|codechat|documents|status|alt|esc|name|moderator)$/i;

test('WEB-165 the German page has no English words', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const { address, scene } = await scenery(cleanup);
  const words = async (locale: string) => {
    const { page } = await clients.open(cleanup, address, { locale, timezoneId: 'UTC' });
    await page.locator('.ways button').first().waitFor();
    const found = new Map([['entrance', await wordsOf(page)]]);
    await logInAs(page, scene);
    await inEveryView(page, scene, async (_, view) => {
      found.set(view, await wordsOf(page));
      return [];
    });
    assert.equal(await page.locator('html').getAttribute('lang'), locale.slice(0, 2));
    return found;
  };
  const [english, german] = [await words('en-GB'), await words('de-DE')];
  const left: string[] = [];
  for (const [view, texts] of german) {
    const others = new Set(english.get(view));
    const same = texts.filter(
      (text) => others.has(text) && !SAME.test(text) && !scene.written.some((words) => words.includes(text)),
    );
    left.push(...same.map((text) => `${view}: ${text}`));
  }
  assert.deepEqual(left, []);
});
