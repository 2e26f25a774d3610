import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '../../testing/browser.ts';
import { samplePicture } from '../../testing/media.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { startServerProcess } from '../../testing/server.ts';
import { composerOf, messageOf, say, signUp } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';
import { companion } from '../../testing/web-people.ts';

const skip = noBrowser;
const clients = new WebClients({ after });

/** Pastes a file into the field, as from the clipboard of the machine. */
async function paste(page: Page, name: string, type: string, bytes: Buffer): Promise<void> {
  await composerOf(page).evaluate(
    (field, given) => {
      const data = new DataTransfer();
      data.items.add(
        new File([Uint8Array.from(atob(given.base64), (each) => each.charCodeAt(0))], given.name, { type: given.type }),
      );
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    },
    { name, type, base64: bytes.toString('base64') },
  );
}

/** Holds uploads until `go`. */
async function heldUploads(page: Page): Promise<{ go: () => void }> {
  const held = Promise.withResolvers<void>();
  await page.route(/\/files\?/, async (route) => {
    await held.promise;
    await route.continue();
  });
  return { go: () => held.resolve() };
}

test('WEB-71 WEB-72 WEB-73 WEB-74 upload: Enter during an upload sends nothing yet, then one message whose file can be fetched', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const ada = await companion(t, server.url, 'ada');
  const { page } = await clients.open(t, server.http);
  await signUp(page, 'bea');
  const uploads = await heldUploads(page);
  const picture = await samplePicture(800, 400).png().toBuffer();
  await composerOf(page).pressSequentially('look at ');
  await paste(page, 'cat.png', 'image/png', picture);
  await composerOf(page).pressSequentially('this');
  const files = page.getByRole('list', { name: 'Files of this message' });
  await files.getByText('cat.png').waitFor();
  assert.equal(await composerOf(page).inputValue(), 'look at this');
  await composerOf(page).press('Enter');
  const queued = page.locator('.message[data-state="queued"]');
  await queued.getByText('cat.png').waitFor();
  // What is written meanwhile waits behind it.
  await say(page, 'and then that');
  assert.equal(await queued.count(), 2);
  const texts = async () => {
    const { entries } = await ada.client.getPage(ada.lobby, { view: 'asc' });
    return entries.map((message) => ('deleted' in message ? '' : message.text));
  };
  assert.deepEqual(await texts(), []);
  uploads.go();
  await messageOf(page, 'and then that').waitFor();
  const [first = '', second, ...others] = await texts();
  assert.match(first, /^look at this\ncat\.png: http:\/\/127\.0\.0\.1:\d+\/files\/[0-9a-f]{32}\/cat\.png$/);
  assert.deepEqual([second, others], ['and then that', []]);
  const shown = page.locator('[data-number="1"]');
  assert.equal(await shown.locator('.text').textContent(), 'look at this');
  const address = await shown.locator('img').last().getAttribute('src');
  const answer = await fetch(`${server.http}${address}`);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), picture);

  // Small in the list, in its own place before it is there, and large in a dialog.
  const box = await shown.locator('.picture').boundingBox();
  assert.deepEqual(
    [box?.width, box?.height].map((size) => Math.round(size ?? 0)),
    [360, 180],
  );
  await shown.getByRole('button', { name: 'Show cat.png large' }).click();
  const large = page.getByRole('dialog', { name: 'cat.png' });
  await large.getByRole('img', { name: 'cat.png' }).waitFor();
  await page.keyboard.press('Escape');
  await large.waitFor({ state: 'detached' });
});

test('WEB-40 WEB-74 anchoring: a picture that loads late above what one reads does not move it', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const ada = await companion(t, server.url, 'ada');
  const { page } = await clients.open(t, server.http);
  await signUp(page, 'bea');
  await paste(page, 'tall.png', 'image/png', await samplePicture(300, 900).png().toBuffer());
  await composerOf(page).press('Enter');
  await page.locator('[data-number="1"] img').last().waitFor();
  await ada.say(...Array.from({ length: 30 }, (_, index) => `line ${index + 1}`));
  const held = Promise.withResolvers<void>();
  await page.route(/\/files\/.*\.png/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.reload();
  await page.locator('[data-number="31"]').waitFor();
  await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 120));
  const top = () => page.locator('[data-number="8"]').evaluate((row) => row.getBoundingClientRect().top);
  const frames = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await frames();
  const before = await top();
  held.resolve();
  await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.picture img')?.complete === true);
  await frames();
  assert.ok(Math.abs((await top()) - before) <= 2);
});

test('WEB-70 WEB-71 WEB-72 limits are said before the upload, several files are several messages, and a failed one goes again', {
  skip,
}, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t, { args: ['--files-max-mebibytes', '1'] });
  const client = await clients.open(t, server.http);
  client.allow(/Failed to load resource/);
  const { page } = client;
  await signUp(page, 'bea');
  await paste(page, 'big.bin', 'application/octet-stream', Buffer.alloc(2 ** 20 + 1, 7));
  await page.getByText('big.bin is too large: a file may have 1 MB here.').waitFor();

  let isFailing = true;
  await page.route(/\/files\?/, (route) => (isFailing ? route.fulfill({ status: 503 }) : route.continue()));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Send a file' }).click();
  const files = ['a.txt', 'b.txt', 'c.txt'].map((name) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(name),
  }));
  await (await chooser).setFiles(files);
  const list = page.getByRole('list', { name: 'Files of this message' });
  await list.getByText('The server is busy.').nth(2).waitFor();
  isFailing = false;
  await list.getByRole('button', { name: 'Remove b.txt' }).click();
  for (const name of ['a.txt', 'c.txt'])
    await list.getByRole('listitem').filter({ hasText: name }).getByRole('button', { name: 'Send again' }).click();
  await composerOf(page).fill('two files');
  await composerOf(page).press('Enter');
  await page.getByRole('link', { name: 'Download c.txt, 5 bytes' }).waitFor();
  const rows = await page.locator('[data-number]').allTextContents();
  assert.equal(rows.length, 2);
  assert.match(rows[0] ?? '', /two files.*a\.txt/);
  assert.match(rows[1] ?? '', /c\.txt/);
});

test('WEB-71 a file that is dropped on the conversation is sent with the next message', { skip }, async (context) => {
  const t = lastFirst(context);
  const server = await startServerProcess(t);
  const { page } = await clients.open(t, server.http);
  await signUp(page, 'bea');
  await page.locator('.scroller').evaluate((target) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['hello'], 'dropped.txt', { type: 'text/plain' }));
    for (const type of ['dragover', 'drop'])
      target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  });
  await page.getByRole('list', { name: 'Files of this message' }).getByText('dropped.txt').waitFor();
  await composerOf(page).press('Enter');
  await page.getByRole('link', { name: 'Download dropped.txt, 5 bytes' }).waitFor();
});
