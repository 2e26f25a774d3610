import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { register } from '../../src/protocols/documents/client.ts';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { sayAll, visit } from '../../testing/lobby.ts';
import { startServerProcess } from '../../testing/server.ts';
import { composerOf, enterAsGuest, messageOf, say, signUp } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';

const skip = noBrowser;
const clients = new WebClients({ after });

/** The message that stands out. */
function standingOut(page: Page): Locator {
  return page.locator('.message[data-target="true"]');
}

/** Takes the focus from the field, as somebody does who reads. */
async function stopWriting(page: Page): Promise<void> {
  await composerOf(page).blur();
}

test('WEB-132 WEB-133 WEB-144 a search finds messages, opens them in their room, and is there again when one goes back', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const tom = await visit(cleanup, server, 'tom');
  await sayAll(
    tom,
    tom.lobby,
    Array.from({ length: 70 }, (_, index) => `Straße number ${index + 1}`),
  );
  await sayAll(tom, tom.lobby, ['something else']);
  const { page } = await clients.open(cleanup, server.http);
  await enterAsGuest(page, 'ada');
  await stopWriting(page);
  await page.keyboard.press('/');
  const field = page.getByRole('searchbox', { name: 'Search for words' });
  await field.waitFor();
  await page.keyboard.type('strasse');
  const results = page.locator('.found-message');
  await page.locator('mark').getByText('Straße', { exact: true }).first().waitFor();
  assert.match(page.url(), /#\/search\?text=strasse&room=\d+$/);
  assert.match(String(await results.first().textContent()), /tom.*lobby.*Straße number 70/);

  // More are found as one goes through them.
  while ((await results.count()) < 70) await page.keyboard.press('ArrowDown');
  await results.nth(60).focus();
  await page.keyboard.press('Enter');
  await standingOut(page).getByText('Straße number 10', { exact: true }).waitFor();
  await page.goBack();
  await results.nth(69).waitFor({ state: 'attached' });
  await results.nth(44).waitFor();
  assert.equal(await field.inputValue(), 'strasse');

  await page.getByLabel('Where').selectOption('In all rooms');
  await page.getByLabel('From').selectOption('You');
  await page.getByText('Nothing was found here.').waitFor();
  await page.getByRole('button', { name: 'Search in all rooms, by anyone' }).click();
  await results.first().waitFor();
  await field.fill('nowhere');
  await page.getByText('Nothing was found.').waitFor();
  await field.fill('tom');
  await page.getByRole('button', { name: 'Messages by tom' }).click();
  await results.getByText('something else').waitFor();
  await field.fill('else');
  await results.getByText('something else').waitFor();
  await field.fill('?!');
  await page.getByText('Type words').waitFor();
  await page.keyboard.press('Escape');
  await composerOf(page).waitFor();
});

test('WEB-136 WEB-154 one goes to a room or a person by the keyboard alone', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  await register(`${server.url}documents`, { name: 'bea', password: 'correct horse', displayName: 'Béatrice Young' });
  const { page } = await clients.open(cleanup, server.http);
  await signUp(page, 'ada');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type('you bea');
  await page.getByRole('option', { name: 'Béatrice Young', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Béatrice Young' }).waitFor();
  await page.getByRole('textbox', { name: 'Message to Béatrice Young' }).waitFor();
  await page.keyboard.type('Good morning');
  await page.keyboard.press('Enter');
  await messageOf(page, 'Good morning').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('option').nth(1).waitFor();
  assert.equal(await page.getByRole('option').first().textContent(), 'Béatrice Young');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Message to lobby' }).waitFor();
  assert.ok(await page.evaluate(() => document.activeElement !== document.body));
});

test('WEB-142 WEB-144 WEB-145 WEB-146 one goes to a day, and by links to messages', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const tom = await visit(cleanup, server, 'tom');
  await sayAll(
    tom,
    tom.lobby,
    Array.from({ length: 200 }, (_, index) => `line ${index + 1}`),
  );
  const { page, context } = await clients.open(cleanup, server.http, { timezoneId: 'Europe/Berlin' });
  await enterAsGuest(page, 'ada');
  await messageOf(page, 'line 200').waitFor();

  await page.getByRole('button', { name: 'Go to a date' }).click();
  await page.getByLabel('Date', { exact: true }).fill('2001-02-03');
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await standingOut(page).getByText('line 1', { exact: true }).waitFor();
  await page.getByText('Nobody said anything on that day').waitFor();
  await page.getByRole('button', { name: 'Hide' }).click();
  const dayLine = page.locator('.line.is-day button').first();
  await dayLine.click();
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await standingOut(page).getByText('line 1', { exact: true }).waitFor();

  const link = `${server.http}/#/room/${tom.lobby.id}/77`;
  await say(page, `as said in ${link}`);
  for (const time of ['first', 'second']) {
    await page.getByRole('link', { name: link, exact: true }).click();
    await standingOut(page).getByText('line 77', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Latest/ }).click();
    await messageOf(page, 'line 200').waitFor();
    assert.equal(context.pages().length, 1, time);
  }
  await page.evaluate((room) => {
    location.hash = `#/room/${room}/9999`;
  }, tom.lobby.id);
  await page.getByText('That message is not here.').waitFor();
  await messageOf(page, 'line 200').waitFor();
});

test('WEB-151 WEB-152 WEB-153 WEB-154 keys act everywhere but where they would be typed', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  await register(`${server.url}documents`, { name: 'tom', password: 'correct horse' });
  const tom = await visit(cleanup, server, 'tom', 'correct horse');
  const { page } = await clients.open(cleanup, server.http);
  await signUp(page, 'ada');
  const { keys } = tom.client;
  const { users } = await tom.client.search('ada', { types: ['user'] });
  const [ada] = users;
  assert.ok(ada);
  const quiz = await tom.client.add(keys.rooms, { key: { type: 'room' }, name: 'Quiz', members: [{ key: ada.key }] });
  await sayAll(tom, quiz, ['who is it?']);
  await page.getByRole('link', { name: /^Quiz.*1 unread message/ }).waitFor();

  await page.keyboard.type('/?');
  assert.equal(await composerOf(page).inputValue(), '/?');
  await composerOf(page).fill('');
  await page.keyboard.press('Shift+Escape');
  await page.getByRole('link', { name: /^Quiz.*unread/ }).waitFor({ state: 'detached' });
  await sayAll(tom, quiz, ['and now?']);
  await page.getByRole('link', { name: /^Quiz.*1 unread message/ }).waitFor();
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await page.getByRole('textbox', { name: 'Message to Quiz' }).waitFor();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByRole('textbox', { name: 'Message to lobby' }).waitFor();
  await stopWriting(page);
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keys' });
  await list.getByText('Mark all rooms as read').waitFor();
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Message to lobby' }).waitFor();

  await page.reload();
  await composerOf(page).waitFor();
  await stopWriting(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Go to the message field' }).press('Enter');
  assert.ok(await composerOf(page).evaluate((field) => field === document.activeElement));
});
