import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { startServerProcess } from '../../testing/server.ts';
import { chooseOfSelf, composerOf, messageOf, say, signUp } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';

const skip = noBrowser;
const clients = new WebClients({ after });
const LOST = /WebSocket|ERR_CONNECTION_REFUSED/;

test('WEB-03 WEB-17 WEB-18 unsent messages survive a reload and a closed tab, and go once when the server is back', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  client.allow(LOST);
  const { page } = client;
  await signUp(page, 'ada');
  await say(page, 'before');
  const before = messageOf(page, 'before');
  await before.waitFor();
  const tab = await client.openTab();
  await messageOf(tab, 'before').waitFor();
  const place = await before.boundingBox();
  await server.stop();

  // The page says what it knows, and what one reads stays where it is.
  await page.getByText('The server has stopped.').waitFor();
  assert.deepEqual(await before.boundingBox(), place);
  await say(page, 'first');
  await say(page, 'second');
  await page.getByText('2 messages wait.').waitFor();
  await say(tab, 'from a tab');
  await tab.getByText('1 message waits.').waitFor();
  await tab.close();

  // Logging out would lose them, also those of the other tab.
  await chooseOfSelf(page, 'Log out');
  await page.getByText('3 messages are not sent yet, and would be lost.').waitFor();
  await page.getByRole('button', { name: 'Stay' }).click();

  await assert.rejects(page.reload());
  await startServerProcess(cleanup, { dataDir: server.dataDir, args: ['--port', String(server.port)] });
  await page.goto(server.http);
  for (const text of ['first', 'second']) await messageOf(page, text).waitFor();
  const next = await client.openTab();
  await messageOf(next, 'from a tab').waitFor();
  const shown = await next.locator('[data-number] .text').allTextContents();
  assert.deepEqual(shown.toSorted(), ['before', 'first', 'from a tab', 'second']);
});

test('WEB-03 WEB-18 a page that is loaded while the server cannot be reached says so, and goes on by itself', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  client.allow(LOST);
  let isBlocked = false;
  const open = new Set<{ close(): Promise<void> }>();
  await client.context.routeWebSocket(/./, (socket) => {
    if (isBlocked) return void socket.close();
    open.add(socket);
    socket.connectToServer();
  });
  const { page } = client;
  await page.reload();
  await signUp(page, 'ada');
  isBlocked = true;
  for (const socket of open) await socket.close();
  await page.getByText('No connection.').waitFor();
  await say(page, 'later');
  await page.reload();
  await page.getByText('1 message that is not sent is kept.').waitFor();
  isBlocked = false;
  await page.getByRole('button', { name: 'Try now' }).click();
  await messageOf(page, 'later').waitFor();
  assert.equal(await messageOf(page, 'later').count(), 1);
});

test('WEB-18 a device that is offline is told apart from a server that is away', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  client.allow(/WebSocket|ERR_INTERNET_DISCONNECTED/);
  const { page } = client;
  await signUp(page, 'ada');
  await client.context.setOffline(true);
  await page.getByText('This device is offline.').waitFor();
  await say(page, 'from the train');
  await client.context.setOffline(false);
  await page.getByText('Connected again.').waitFor();
  await messageOf(page, 'from the train').waitFor();
  await page.getByText('Connected again.').waitFor({ state: 'detached' });
  await composerOf(page).waitFor();
});

test('WEB-04 a tab whose session is taken begins anew, and nothing is sent twice', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  const { page } = client;
  await signUp(page, 'ada');
  await say(page, 'one');
  await messageOf(page, 'one').waitFor();
  // Another browser with a copy of what this one has kept goes on with the session.
  const copied = await page.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage } }));
  const thief = await clients.open(cleanup, server.http);
  await thief.page.evaluate(({ local, session }) => {
    for (const [key, value] of Object.entries(local)) localStorage.setItem(key, String(value));
    for (const [key, value] of Object.entries(session)) sessionStorage.setItem(key, String(value));
  }, copied);
  await thief.page.reload();
  await messageOf(thief.page, 'one').waitFor();
  await say(thief.page, 'two');
  await messageOf(page, 'two').waitFor();
  await say(page, 'three');
  await messageOf(thief.page, 'three').waitFor();
  const shown = await page.locator('[data-number] .text').allTextContents();
  assert.deepEqual(shown, ['one', 'two', 'three']);
});
