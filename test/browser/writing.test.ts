import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { startServerProcess } from '../../testing/server.ts';
import { composerOf, enterAsGuest, messageOf, say, signUp } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';
import { companion, cuttable } from '../../testing/web-people.ts';

const skip = noBrowser;
const clients = new WebClients({ after });

/** Presses Enter as a browser does it that uses an input method: with `order`, the composition ends before or after the key. */
async function confirmComposition(page: Page, text: string, order: 'key first' | 'end first'): Promise<void> {
  await composerOf(page).evaluate(
    (field: HTMLTextAreaElement, { text: words, order: first }) => {
      const key = () => {
        const isComposing = first === 'key first';
        const event = new KeyboardEvent('keydown', {
          key: 'Enter',
          keyCode: 229,
          isComposing,
          bubbles: true,
          cancelable: true,
        });
        field.dispatchEvent(event);
      };
      const end = () => {
        field.value = words;
        field.dispatchEvent(new CompositionEvent('compositionend', { data: words, bubbles: true }));
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      };
      field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      for (const step of first === 'key first' ? [key, end] : [end, key]) step();
    },
    { text, order },
  );
}

test('WEB-61 WEB-62 keys: Enter that confirms a composition sends nothing, the next one sends; Shift+Enter breaks the line', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const { page } = await clients.open(t, server.http);
  await enterAsGuest(page, 'bea');
  for (const order of ['key first', 'end first'] as const) {
    const text = `日本 ${order}`;
    await confirmComposition(page, text, order);
    assert.equal(await composerOf(page).inputValue(), text);
    assert.equal(await page.locator('.message').filter({ hasText: text }).count(), 0);
    await composerOf(page).press('Enter');
    await messageOf(page, text).waitFor();
  }
  await composerOf(page).pressSequentially('one');
  await composerOf(page).press('Shift+Enter');
  await composerOf(page).pressSequentially('two');
  await composerOf(page).press('Enter');
  await messageOf(page, 'one two').waitFor();
  assert.equal(await page.locator('[data-number="3"] .text').textContent(), 'one\ntwo');
});

test('WEB-65 WEB-66 drafts, undo: text survives a visit and a reload and shows in other tabs, and Ctrl+Z brings it back after an emoji', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const ada = await companion(t, server.url, 'ada');
  const client = await clients.open(t, server.http);
  const { page } = client;
  await signUp(page, 'bea');
  const bea = (await ada.client.search('bea')).users[0]?.key;
  assert.ok(bea);
  const room = await ada.client.add(ada.client.keys.rooms, {
    key: { type: 'room' },
    name: 'den',
    members: [{ key: bea }],
  });
  const go = (to: string) => page.getByRole('navigation').getByRole('link', { name: to }).click();
  await composerOf(page).pressSequentially('half a thought');
  await go('den');
  await page.getByRole('textbox', { name: 'Message to den' }).waitFor();
  assert.equal(await composerOf(page).inputValue(), '');
  await go('lobby');
  await page.getByRole('textbox', { name: 'Message to lobby' }).waitFor();
  assert.equal(await composerOf(page).inputValue(), 'half a thought');
  await page.reload();
  await composerOf(page).waitFor();
  assert.equal(await composerOf(page).inputValue(), 'half a thought');

  // An emoji, and back.
  await page.getByRole('button', { name: 'Emoji' }).click();
  await page.getByRole('searchbox', { name: 'Find an emoji' }).fill('rocket');
  await page.keyboard.press('Enter');
  assert.equal(await composerOf(page).inputValue(), 'half a thought🚀');
  await page.keyboard.press('Control+z');
  assert.equal(await composerOf(page).inputValue(), 'half a thought');

  // Another tab shows what is typed here.
  const other = await client.openTab(`#/room/${ada.lobby.id}`);
  await composerOf(other).waitFor();
  assert.equal(await composerOf(other).inputValue(), 'half a thought');
  await composerOf(page).press('End');
  await composerOf(page).pressSequentially(' more');
  await other.waitForFunction(() => document.querySelector('textarea')?.value === 'half a thought more');
  await composerOf(other).press('Enter');
  await messageOf(page, 'half a thought more').waitFor();
  assert.equal(await composerOf(page).inputValue(), '');
  assert.ok(room);
});

test('WEB-63 WEB-65 an edit keeps the draft from before, and is itself kept', { skip }, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const { page } = await clients.open(t, server.http);
  await signUp(page, 'bea');
  await say(page, 'frist');
  await messageOf(page, 'frist').waitFor();
  await composerOf(page).press('ArrowUp');
  await page.getByText('You are changing your message.').waitFor();
  await composerOf(page).fill('first');
  await page.reload();
  await page.getByText('You are changing your message.').waitFor();
  assert.equal(await composerOf(page).inputValue(), 'first');
  await composerOf(page).press('Enter');
  await messageOf(page, 'first').waitFor();
  await page.locator('.edited').waitFor();
  await composerOf(page).fill('my draft');
  await page.locator('[data-number="1"]').hover();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  assert.equal(await composerOf(page).inputValue(), 'first');
  await composerOf(page).press('Escape');
  assert.equal(await composerOf(page).inputValue(), 'my draft');
});

test('WEB-60 WEB-64 outbox: what is written without a connection shows as unsent, goes later once and in order, or becomes a draft', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const ada = await companion(t, server.url, 'ada');
  const client = await clients.open(t, server.http);
  client.allow(/WebSocket/);
  const { page } = client;
  const connection = await cuttable(page);
  await page.reload();
  await enterAsGuest(page, 'bea');
  await say(page, 'before');
  await messageOf(page, 'before').waitFor();
  connection.cut();
  await page.getByText('No connection.').waitFor();
  for (const text of ['one', 'two', 'three', 'four']) await say(page, text);
  const unsent = page.locator('.is-unsent');
  assert.deepEqual(await unsent.locator('.text').allTextContents(), ['one', 'two', 'three', 'four']);
  await unsent.filter({ hasText: 'two' }).getByRole('button', { name: 'Edit' }).click();
  assert.equal(await composerOf(page).inputValue(), 'two');
  await unsent.filter({ hasText: 'three' }).getByRole('button', { name: 'Discard' }).click();
  connection.mend();
  await page.getByRole('button', { name: 'Try now' }).click();
  await messageOf(page, 'four').waitFor();
  await composerOf(page).press('Enter');
  await messageOf(page, 'two').waitFor();
  const { entries } = await ada.client.getPage(ada.lobby, { view: 'asc' });
  const said = entries.map((message) => ('deleted' in message ? '' : message.text));
  assert.deepEqual(said, ['before', 'one', 'four', 'two']);
});

test('WEB-67 WEB-75 typing with nothing focused lands in the field, and a text that is too long is not sent', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const { page } = await clients.open(t, server.http);
  await enterAsGuest(page, 'bea');
  await say(page, 'hello');
  await messageOf(page, 'hello').click();
  await page.keyboard.type('really');
  assert.equal(await composerOf(page).inputValue(), 'really');
  await composerOf(page).fill('ä'.repeat(8_193));
  await page.getByText('2 bytes too long').waitFor();
  await composerOf(page).press('Enter');
  assert.equal(await page.locator('.message').count(), 1);
  await composerOf(page).fill('ä'.repeat(8_192));
  await page.getByText('0 bytes left').waitFor();
  await composerOf(page).press('Enter');
  await page.locator('[data-number="2"]').waitFor();
});

test('WEB-69 @ completes the names of members, by the keyboard', { skip }, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const ada = await companion(t, server.url, 'ada');
  await companion(t, server.url, 'adam');
  await ada.say('hi');
  const client = await clients.open(t, server.http);
  const { page } = client;
  await enterAsGuest(page, 'bea');
  await composerOf(page).pressSequentially('ask @ad');
  await page.getByRole('option', { name: 'adam' }).waitFor();
  assert.deepEqual(await client.accessibilityProblems(), []);
  await composerOf(page).press('ArrowDown');
  await composerOf(page).press('Tab');
  assert.equal(await composerOf(page).inputValue(), 'ask @adam ');
  await composerOf(page).pressSequentially('or @ad');
  await page.getByRole('option').first().waitFor();
  await composerOf(page).press('Escape');
  assert.equal(await page.getByRole('option').count(), 0);
  await composerOf(page).press('Enter');
  await messageOf(page, 'ask @adam or @ad').waitFor();
});

test('WEB-68 WEB-58 voices and colours: 320x256 can send, on touch choosing a room opens no keyboard and a tap shows the actions', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const ada = await companion(t, server.url, 'ada');
  await ada.say('hello');
  const small = { viewport: { width: 320, height: 256 }, hasTouch: true, isMobile: true } as const;
  const { page } = await clients.open(t, server.http, small);
  await page.getByLabel('Name', { exact: true }).fill('bea');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'lobby' }).tap();
  await composerOf(page).waitFor();
  assert.ok(await composerOf(page).evaluate((field) => field !== document.activeElement));
  await messageOf(page, 'hello').tap();
  await page.getByRole('button', { name: 'Reply' }).tap();
  await composerOf(page).fill('hi ada');
  await page.getByRole('button', { name: 'Send', exact: true }).tap();
  await messageOf(page, 'hi ada').waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320));
});
