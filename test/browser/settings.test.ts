import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { startServerProcess } from '../../testing/server.ts';
import { chooseOfSelf, composerOf, enterAsGuest, signUp } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';

const skip = noBrowser;
const clients = new WebClients({ after });

test('WEB-20 WEB-19 a profile is changed and seen by others, with a picture that can be removed', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  const { page } = client;
  await signUp(page, 'ada');
  const bea = (await clients.open(cleanup, server.http)).page;
  await enterAsGuest(bea, 'bea');
  await chooseOfSelf(page, 'Settings');
  const settings = page.getByRole('main');
  await settings.getByLabel('Display name').fill('Ada L.');
  await settings.getByLabel('First name').fill('Ada');
  await settings.getByLabel('Status', { exact: true }).fill('تجربة');
  await settings.getByLabel('Presence').selectOption('busy');
  await settings.getByRole('button', { name: 'Save' }).click();
  await settings.getByText('Saved.').waitFor();
  const seen = bea.getByRole('complementary').getByRole('link', { name: 'Ada L.' });
  await seen.getByText('busy').waitFor();
  await page.getByTitle('You', { exact: true }).getByText('تجربة').waitFor();

  const picture = settings.getByRole('img', { name: 'Picture' });
  const input = settings.locator('input[type="file"]');
  await input.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await settings.getByRole('alert').waitFor();
  client.allow(/status of 4\d\d/);
  const buffer = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  await input.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer });
  await settings.getByRole('button', { name: 'Remove it' }).waitFor();
  assert.match(String(await picture.getAttribute('src')), /^\/media\/users\/\d+\/[0-9a-f]{16}$/);
  assert.equal(await settings.getByRole('alert').count(), 0);
  assert.deepEqual(await client.accessibilityProblems(), []);
  await settings.getByRole('button', { name: 'Remove it' }).click();
  await settings.getByRole('button', { name: 'Remove it' }).waitFor({ state: 'detached' });
  assert.match(String(await picture.getAttribute('src')), /^\/media\/users\/\d+$/);
});

test('WEB-19 the choices count at once, in the other tabs too, and after a reload', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  const { page } = client;
  await enterAsGuest(page, 'gus');
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`${server.http}/#/settings`);
  const tab = await client.openTab();
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
  await page.getByLabel('Farben').selectOption('dark');
  await tab.getByRole('heading', { name: 'Willkommen' }).waitFor();
  await tab.getByLabel('Name', { exact: true }).fill('gus');
  await tab.keyboard.press('Enter');
  await tab.getByRole('alert').getByText('Diesen Namen hat schon jemand.').waitFor();
  assert.equal(await tab.locator('html').getAttribute('data-theme'), 'dark');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  assert.deepEqual(await client.accessibilityProblems(), []);
  await page.reload();
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
  assert.equal(await composerOf(page).count(), 0);
});

test('WEB-21 the settings say why a browser shows no notifications', { skip }, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  const { page } = client;
  await page.addInitScript(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false }));
  await page.reload();
  await enterAsGuest(page, 'gus');
  await chooseOfSelf(page, 'Settings');
  await page.getByText('Browsers show notifications only of pages whose address begins with https.').waitFor();
  assert.ok(await page.getByLabel('Notify me of').isDisabled());
});
