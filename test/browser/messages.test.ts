import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect } from '../../src/protocols/tagged/client.ts';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { startServerProcess } from '../../testing/server.ts';
import { enterAsGuest, messageOf, say, signUp } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';
import { companion } from '../../testing/web-people.ts';

const skip = noBrowser;
const clients = new WebClients({ after });

test('WEB-50 WEB-51 WEB-52 WEB-53 links, text: only addresses are links, names beside Hebrew are isolated, code can be copied', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const ada = await companion(t, server.url, 'ada');
  const { page, context: browser } = await clients.open(t, server.http, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await enterAsGuest(page, 'bea');
  const script = ['javascript', 'alert(1)'].join(':');
  await ada.say(
    `(http://e.com/a) ${script} <a href="${script}">x</a>`,
    'שלום @ada http://e.com/b שלום',
    '```\nlet a = 1;\n```',
  );
  await page.locator('[data-number="3"]').waitFor();
  const links = page.locator('.text a');
  assert.deepEqual(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href'))), [
    'http://e.com/a',
    'http://e.com/b',
  ]);
  assert.match((await links.first().getAttribute('rel')) ?? '', /noopener/);
  const isolation = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).unicodeBidi);
  assert.equal(await isolation('[data-number="2"] .mention'), 'isolate');
  assert.equal(await isolation('[data-number="2"] .text a'), 'isolate');
  assert.equal(await isolation('.sender bdi'), 'isolate');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'let a = 1;');
  assert.equal(browser.pages().length, 1);
});

test('WEB-54 WEB-58 WEB-43 the menu of a message copies its text and a link, tells its protocol, and marks it as unread', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const ada = await companion(t, server.url, 'ada');
  await ada.say('first', 'second', 'third');
  const permissions = ['clipboard-read', 'clipboard-write'];
  const { page } = await clients.open(t, server.http, { permissions });
  await signUp(page, 'bea');
  const choose = async (text: string, item: string) => {
    await messageOf(page, text).hover();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await choose('second', 'Copy the text');
  assert.equal(await clipboard(), 'second');
  await choose('second', 'Copy a link');
  assert.equal(await clipboard(), `${server.http}/#/room/${ada.lobby.id}/2`);
  await choose('second', 'Details');
  const details = page.getByRole('dialog', { name: 'Details' });
  await details.getByText('documents').waitFor();
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
  await choose('second', 'Mark unread from here');
  const line = page.locator('.line.is-new');
  assert.match((await line.evaluate((each) => each.nextElementSibling?.textContent)) ?? '', /second/);
  await page.evaluate(() => {
    location.hash = '#/settings';
  });
  await page.getByRole('navigation').getByText('2 unread messages').waitFor();

  // A message of somebody else cannot be deleted by a member.
  await page.goBack();
  await messageOf(page, 'third').hover();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  assert.equal(await page.getByRole('menuitem', { name: 'Delete' }).count(), 0);
});

test('WEB-55 WEB-56 T40 fonts from tagged are shown safely and readably, and can be switched off', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const tom = await connect(`${server.url}tagged`, { name: 'tom' });
  t.after(() => tom.close());
  const { page } = await clients.open(t, server.http, { colorScheme: 'light' });
  await enterAsGuest(page, 'bea');
  await tom.chatGroup('lobby', 'fancy', { font: { family: 'Comic Sans MS', color: '#ffff00', style: 'biu' } });
  const style = () =>
    messageOf(page, 'fancy')
      .locator('.text')
      .evaluate((text) => {
        const { fontFamily, color, fontWeight, fontStyle, textDecorationLine } = getComputedStyle(text);
        return { fontFamily, color, fontWeight, fontStyle, textDecorationLine };
      });
  const light = await style();
  assert.match(light.fontFamily, /^"Comic Sans MS"/);
  assert.deepEqual([light.fontWeight, light.fontStyle, light.textDecorationLine], ['700', 'italic', 'underline']);
  assert.notEqual(light.color, 'rgb(255, 255, 0)');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(() => {
    const text = document.querySelector('[data-number="1"] .text');
    return text !== null && getComputedStyle(text).color === 'rgb(255, 255, 0)';
  });
  await page.evaluate(() => localStorage.setItem('parlance.choices', JSON.stringify({ fonts: false })));
  await page.reload();
  await messageOf(page, 'fancy').waitFor();
  assert.equal((await style()).fontWeight, '400');
});

test('WEB-45 WEB-46 calendar: past midnight "Today" becomes "Yesterday", and dividers hold over the change of the clock', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const { page } = await clients.open(t, server.http, { timezoneId: 'Europe/Berlin' });
  await enterAsGuest(page, 'bea');
  await say(page, 'late');
  await messageOf(page, 'late').waitFor();
  const line = page.locator('.line.is-day time');
  assert.equal(await line.textContent(), 'Today');
  await page.clock.install({ time: Date.now() });
  await page.reload();
  await line.getByText('Today').waitFor();
  await page.clock.fastForward('24:00:00');
  await page.clock.runFor(2_000);
  await line.getByText('Yesterday').waitFor();
  await page.clock.fastForward('24:00:00');
  await page.clock.runFor(2_000);
  await line.getByText('Yesterday').waitFor({ state: 'detached' });
});

test('WEB-47 growth: 5,000 messages paged back leave at most 600 in the page', { skip }, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const people = await Promise.all(['ada', 'bob', 'cyd', 'dan', 'eve'].map((name) => companion(t, server.url, name)));
  const texts = Array.from({ length: 100 }, (_, index) => `message ${index}`);
  for (let round = 0; round < 10; round++) await Promise.all(people.map(({ say: says }) => says(...texts)));
  const { page } = await clients.open(t, server.http);
  await enterAsGuest(page, 'bea');
  await page.locator('[data-number="5000"]').waitFor();
  const most = await page.evaluate(async () => {
    const scroller = document.querySelector('.scroller');
    let seen = 0;
    while (document.querySelector('[data-number="1"]') === null) {
      scroller?.scrollTo(0, 0);
      await new Promise((done) => requestAnimationFrame(done));
      seen = Math.max(seen, document.querySelectorAll('.message').length);
    }
    return seen;
  });
  assert.ok(most > 200 && most <= 600, `${most} messages`);
});
