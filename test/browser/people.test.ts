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
const SOON = { timeout: 2_000 };

test('WEB-104 WEB-110 WEB-115 VIEW-47 people of all protocols are in the lobby, are counted, come and go', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const ada = await clients.open(cleanup, server.http);
  const { page } = ada;
  await signUp(page, 'ada');
  const people = page.getByRole('complementary');
  await people.getByRole('link', { name: 'ada' }).getByText('you').waitFor();
  const raw = [];
  for (const driver of drivers) {
    const client = await driver.connect(server);
    cleanup.after(async () => client.cut());
    await client.enter(`${driver.protocol}-tom`);
    await people
      .getByRole('link', { name: `${driver.protocol}-tom` })
      .getByText('online')
      .waitFor(SOON);
    raw.push(client);
  }
  await people.getByRole('link', { name: 'c2-tom' }).getByText('guest').waitFor();
  await page.getByText(`${drivers.length + 1} members`).waitFor(SOON);
  assert.deepEqual(await ada.accessibilityProblems(), []);

  // A direct with a guest, who then leaves.
  await people.getByRole('link', { name: 'c2-tom' }).click();
  await page.getByRole('button', { name: 'Write a message' }).click();
  const header = page.getByRole('button', { name: /^c2-tom/ });
  await header.getByText('online').waitFor();
  await raw[drivers.findIndex(({ protocol }) => protocol === 'c2')]?.leave();
  await page.getByText('This guest has left.').waitFor(SOON);
  await page.getByRole('navigation').getByRole('link', { name: 'lobby' }).click();
  await people.getByRole('link', { name: 'c2-tom' }).waitFor({ state: 'detached' });
  await page.getByText(`${drivers.length} members`).waitFor(SOON);
});

test('WEB-108 WEB-109 WEB-111 the directory has favourites and blocked people, and tells people of one display name apart', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const ada = await clients.open(cleanup, server.http);
  const { page } = ada;
  await signUp(page, 'ada');
  for (const name of ['bea', 'cleo']) {
    const other = await clients.open(cleanup, server.http);
    await other.page.getByRole('button', { name: 'New account' }).click();
    await other.page.getByLabel('Name', { exact: true }).fill(name);
    await other.page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await other.page.getByLabel('Display name').fill('Sam');
    await other.page.keyboard.press('Enter');
    await composerOf(other.page).waitFor();
    if (name === 'bea') await say(other.page, 'you will not read this');
  }
  await messageOf(page, 'you will not read this').waitFor();
  await page.getByRole('button', { name: 'People', exact: true }).click();
  const sam = (name: string) => page.getByRole('main').getByRole('link', { name: `Sam @${name}` });
  await sam('bea').waitFor();
  await sam('cleo').click();
  await page.getByRole('button', { name: 'Add to favourites' }).click();
  await page.getByRole('button', { name: 'Remove from favourites' }).waitFor();
  await page.keyboard.press('Escape');
  await sam('bea').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await page.getByRole('dialog', { name: 'Block' }).getByRole('button', { name: 'Block' }).click();
  await page.getByText('You have blocked this person.').waitFor();
  await page.keyboard.press('Escape');

  const main = page.getByRole('main');
  await main.getByRole('button', { name: 'Favourites' }).click();
  await main.getByRole('link', { name: 'Sam' }).waitFor();
  await main.getByRole('button', { name: 'Blocked' }).click();
  await main.getByRole('link', { name: 'Sam' }).waitFor();
  assert.deepEqual(await ada.accessibilityProblems(), []);
  await page.getByRole('navigation').getByRole('link', { name: 'lobby' }).click();
  await composerOf(page).waitFor();
  await messageOf(page, 'you will not read this').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'People', exact: true }).click();
  await main.getByRole('button', { name: 'Blocked' }).click();
  await main.getByRole('link', { name: 'Sam' }).click();
  await page.getByRole('button', { name: 'Unblock' }).click();
  await page.keyboard.press('Escape');
  await main.getByText('You have blocked nobody.').waitFor();
});

test('WEB-105 on a phone the people of a room lie above the conversation, and the focus goes back', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http, { viewport: { width: 1_280, height: 800 } });
  const { page } = client;
  await enterAsGuest(page, 'gus');
  await page.setViewportSize({ width: 390, height: 844 });
  const show = page.getByRole('button', { name: 'Show the people in this room' });
  const pane = page.getByRole('complementary');
  assert.equal(await pane.count(), 0);
  await show.click();
  await pane.getByRole('link', { name: 'gus' }).waitFor();
  assert.equal(await pane.evaluate((element) => element.contains(document.activeElement)), true);
  assert.deepEqual(await client.accessibilityProblems(), []);
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' }).catch(() => pane.waitFor({ state: 'hidden' }));
  assert.equal(await show.evaluate((element) => element === document.activeElement), true);
});
