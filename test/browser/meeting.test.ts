import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { startServerProcess } from '../../testing/server.ts';
import { composerOf, enterAsGuest, messageOf, say, signUp } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';
import { drivers } from '../matrix/drivers.ts';

const skip = noBrowser;
const clients = new WebClients({ after });
/** Another browser. */
const otherClients = new WebClients({ after });
/** What the clients say that their clock says. */
const TIME = 1_700_000_000_000;
/** The protocols that are not the web client's own. */
const others = drivers.filter(({ protocol }) => protocol !== 'documents');

test('WEB-170 two browsers and clients of the other four protocols see what each of them says, changes and deletes', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const ada = (await clients.open(cleanup, server.http)).page;
  const bea = (await otherClients.open(cleanup, server.http)).page;
  await signUp(ada, 'ada');
  await enterAsGuest(bea, 'bea');
  const raw = await Promise.all(
    others.map(async (driver) => {
      const client = await driver.connect(server);
      cleanup.after(async () => client.cut());
      await client.enter(`${driver.protocol}-tom`);
      return { driver, client };
    }),
  );

  // Everybody hears ada.
  await say(ada, 'hello from a page');
  await messageOf(bea, 'hello from a page').waitFor();
  const sent = { author: 'ada', text: 'hello from a page', time: 'now', id: null, waits: null, font: null } as const;
  for (const { driver, client } of raw) {
    const pattern = driver.expected.message(sent, 'lobby');
    if (pattern !== null) await client.observed.waitFor(pattern);
  }

  // Both pages hear everybody, and see their changes and deletions.
  for (const { driver, client } of raw) {
    const text = `hello from ${driver.protocol}`;
    const message = await client.sendToLobby(text, TIME);
    for (const page of [ada, bea]) await messageOf(page, text).waitFor();
    if (driver.unsupported.edit === undefined) {
      await client.edit(message, `${text}, changed`);
      for (const page of [ada, bea]) await messageOf(page, `${text}, changed`).waitFor();
    }
    if (driver.unsupported.delete === undefined) {
      await client.delete(message);
      for (const page of [ada, bea]) await messageOf(page, `${text}, changed`).waitFor({ state: 'detached' });
    }
  }

  // Everybody sees what ada changes, each in its own way.
  await composerOf(ada).press('ArrowUp');
  await ada.getByText('You are changing your message.').waitFor();
  await composerOf(ada).fill('hello again from a page');
  await composerOf(ada).press('Enter');
  await messageOf(bea, 'hello again from a page').waitFor();
  for (const { driver, client } of raw) {
    const pattern = driver.expected.edited(sent, 'hello again from a page', { type: 'group', name: 'lobby' });
    await client.observed.waitFor(pattern);
  }
});

test('WEB-171 presence and unread messages cross from every protocol to the page and back', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const ada = (await clients.open(cleanup, server.http)).page;
  await signUp(ada, 'ada');
  const people = ada.getByRole('complementary');
  for (const driver of others) {
    const name = `${driver.protocol}-tom`;
    const client = await driver.connect(server);
    cleanup.after(async () => client.cut());
    await client.enter(name);
    const entry = people.getByRole('link', { name });
    await entry.getByText('online').waitFor();

    // A direct message is unread until ada opens it.
    await client.sendDirect('ada', `psst, says ${name}`, TIME);
    const room = ada.getByRole('navigation').getByRole('link', { name });
    await room.getByText('1 unread message').waitFor();
    await room.click();
    await messageOf(ada, `psst, says ${name}`).waitFor();
    await room.getByText('1 unread message').waitFor({ state: 'detached' });

    // The answer reaches that client alone.
    await say(ada, `psst yourself, ${name}`);
    const answer = {
      author: 'ada',
      text: `psst yourself, ${name}`,
      time: 'now',
      id: null,
      waits: null,
      font: null,
    } as const;
    await client.observed.waitFor(driver.expected.direct(answer));
    await ada.getByRole('navigation').getByRole('link', { name: 'lobby' }).click();
    await client.leave();
  }
});

test('WEB-172 a server that is killed and started again under an open page gets every unsent message once, and nobody reloads', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  client.allow(/WebSocket|ERR_CONNECTION_REFUSED/);
  const { page } = client;
  await signUp(page, 'ada');
  await say(page, 'before');
  await messageOf(page, 'before').waitFor();
  server.kill('SIGKILL');
  await server.exited;
  await page.getByText('No connection.').waitFor();
  const texts = Array.from({ length: 5 }, (_, index) => `while it was down ${index + 1}`);
  for (const text of texts) await say(page, text);
  await page.getByText(texts.at(-1) ?? '').waitFor();
  const args = ['--port', String(server.port)];
  await startServerProcess(cleanup, { dataDir: server.dataDir, args });
  await page.getByText('No connection.').waitFor({ state: 'detached' });
  for (const text of texts) await messageOf(page, text).waitFor();
  const shown = await page.locator('[data-number] .text').allTextContents();
  assert.deepEqual(shown, ['before', ...texts]);
});
