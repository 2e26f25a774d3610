import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { startServerProcess } from '../../testing/server.ts';
import {
  chooseOfSelf,
  composerOf,
  enterAsGuest,
  messageOf,
  say,
  signUp,
  tryLogIn,
  WEB_PASSWORD,
} from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';

const skip = noBrowser;
const clients = new WebClients({ after });

test('WEB-08 WEB-05 WEB-07 logging out in one of three tabs ends the others, and leaves nothing in the browser', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  await signUp(client.page, 'ada');
  const tabs = [client.page, await client.openTab(), await client.openTab()];
  for (const tab of tabs) await composerOf(tab).waitFor();
  await composerOf(client.page).fill('a draft');
  const kept = () => client.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.ok(!(await kept()).includes(WEB_PASSWORD));
  const [, second] = tabs;
  assert.ok(second);
  await chooseOfSelf(second, 'Log out');
  const words = (tab: (typeof tabs)[number]) => tab.getByText('You have logged out in another tab.');
  for (const tab of tabs.filter((one) => one !== second)) await words(tab).waitFor({ timeout: 2_000 });
  assert.doesNotMatch(await kept(), /ada|token|draft/);
  await client.page.reload();
  await client.page.getByRole('heading', { name: 'Welcome' }).waitFor();
  assert.equal(await composerOf(client.page).count(), 0);
});

test('WEB-02 a guest and an account are who they were after a reload, and a copied tab has a session of its own', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const guest = await clients.open(cleanup, server.http);
  await enterAsGuest(guest.page, 'gus');
  const account = await clients.open(cleanup, server.http);
  await signUp(account.page, 'ada');
  await say(guest.page, 'from gus');
  await messageOf(account.page, 'from gus').waitFor();
  for (const { page } of [guest, account]) {
    await page.reload();
    await messageOf(page, 'from gus').waitFor();
  }
  // The guest is still the author, so the message can be edited.
  await composerOf(guest.page).press('ArrowUp');
  await guest.page.getByText('You are changing your message.').waitFor();

  const opened = account.context.waitForEvent('page');
  await account.page.evaluate(() => void window.open(location.href));
  const copy = await opened;
  await say(copy, 'from the copy');
  await say(account.page, 'from the first');
  for (const text of ['from the copy', 'from the first']) {
    for (const page of [copy, account.page, guest.page]) await messageOf(page, text).waitFor();
  }
  const sessions = await copy.evaluate(() =>
    Object.entries(localStorage).flatMap(([key, value]) =>
      key.startsWith('parlance.tab.') ? [JSON.parse(value).session.session as string] : [],
    ),
  );
  assert.equal(new Set(sessions).size, 2);
});

test('WEB-16 WEB-22 a guest becomes an account, in its place and with its messages', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  const { page } = client;
  await enterAsGuest(page, 'gus');
  await say(page, 'said as a guest');
  await composerOf(page).fill('half a sentence');
  await page.getByRole('button', { name: 'Keep your name' }).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.locator('input[autocomplete="username"]').inputValue(), 'gus');
  await dialog.locator('input[autocomplete="new-password"]').fill(WEB_PASSWORD);
  assert.deepEqual(await client.accessibilityProblems(), []);
  await dialog.getByRole('button', { name: 'Make an account' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Keep your name' }).waitFor({ state: 'detached' });
  assert.equal(await composerOf(page).inputValue(), 'half a sentence');
  await composerOf(page).fill('');
  await composerOf(page).press('ArrowUp');
  await page.getByText('You are changing your message.').waitFor();

  const elsewhere = (await clients.open(cleanup, server.http)).page;
  await tryLogIn(elsewhere, 'gus');
  await messageOf(elsewhere, 'said as a guest').waitFor();
});

test('WEB-06 WEB-19 a session that the browser has kept lets nobody in who has not the password', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const { page } = await clients.open(cleanup, server.http);
  await signUp(page, 'ada');
  // As when the token has ended, while the session may still be good.
  await page.evaluate(() => {
    localStorage.removeItem('parlance.account');
    sessionStorage.clear();
  });
  await page.reload();
  await tryLogIn(page, 'ada', 'wrong');
  await page.getByRole('alert').getByText('Wrong name or password.').waitFor();
  await tryLogIn(page, 'ada');
  await composerOf(page).waitFor();
});

test('WEB-09 WEB-22 a new password ends the login in other browsers, and the tabs of this one go on', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  const { page } = client;
  await signUp(page, 'ada');
  const tab = await client.openTab();
  await composerOf(tab).waitFor();
  const elsewhere = (await clients.open(cleanup, server.http)).page;
  await tryLogIn(elsewhere, 'ada');
  await composerOf(elsewhere).waitFor();

  await chooseOfSelf(page, 'Settings');
  await page.getByRole('button', { name: 'Change the password' }).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.locator('input[autocomplete="username"]').inputValue(), 'ada');
  await dialog.locator('input[autocomplete="current-password"]').fill('wrong');
  await dialog.locator('input[autocomplete="new-password"]').fill('another password');
  const change = dialog.getByRole('button', { name: 'Change the password' });
  await change.click();
  await dialog.getByText('The password is wrong.').waitFor();
  await dialog.locator('input[autocomplete="current-password"]').fill(WEB_PASSWORD);
  await change.click();
  await page.getByText('The password is changed.').waitFor();

  await elsewhere.getByText('You are logged out, since the password was changed').waitFor();
  await say(tab, 'still here');
  await messageOf(tab, 'still here').waitFor();
  for (const one of [page, tab]) await one.reload();
  await messageOf(tab, 'still here').waitFor();
  await tryLogIn(elsewhere, 'ada', 'another password');
  await messageOf(elsewhere, 'still here').waitFor();
});

test('WEB-08 WEB-19 a deleted account is gone in all tabs', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  const { page } = client;
  await signUp(page, 'ada');
  const tab = await client.openTab();
  await composerOf(tab).waitFor();
  await chooseOfSelf(page, 'Settings');
  await page.getByRole('button', { name: 'Delete the account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password', { exact: true }).fill(WEB_PASSWORD);
  await dialog.getByRole('button', { name: 'Delete the account' }).click();
  await page.getByText('Your account is deleted.').waitFor();
  await tab.getByRole('heading', { name: 'Welcome' }).waitFor();
  await tryLogIn(page, 'ada');
  await page.getByRole('alert').getByText('Wrong name or password.').waitFor();
});
