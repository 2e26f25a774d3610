import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '../../testing/browser.ts';
import { hostileMarkup } from '../../testing/hostile-markup.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { MaliciousDocuments } from '../../testing/malicious-documents.ts';
import { startServerProcess } from '../../testing/server.ts';
import { enterAsGuest } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';

const skip = noBrowser;
const clients = new WebClients({ after });
const TEXTS = hostileMarkup();
/** The views, as addresses after `#`. */
const VIEWS = ['/room/1', '/room/2', '/room/5', '/people', '/person/7', '/search?text=x', '/settings', '/invitation/x'];
/** Fields of lists. Each of them must have been given every text. */
const FIELDS = [
  'rooms.name',
  'rooms.last_msg.text',
  'room.text',
  'room.sender',
  'room.via',
  'room.font.family',
  'room.font.color',
  'room.font.style',
  'room.file.name',
  'room.file.type',
  'room.file.address',
  'members.display_name',
  'members.picture',
  'user.display_name',
  'user.username',
  'user.status',
];

test('WEB-173 T39 T40 T45 whatever a server puts into any field is shown as text: no script, no style, no request of its own', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup);
  const client = await clients.open(cleanup, server.http);
  // Pictures with such names are asked of our own server, which does not have them.
  client.allow(/^error: Failed to load resource: the server responded with a status of 40[04]/);
  const { page } = client;
  page.on('dialog', (dialog) => assert.fail(`a dialog: ${dialog.message()}`));
  const malicious = new MaliciousDocuments(TEXTS);
  await malicious.attach(page);
  await page.reload();
  await enterAsGuest(page, 'ada');
  for (let round = 0; FIELDS.some((field) => (malicious.given.get(field) ?? 0) < TEXTS.length); round++) {
    assert.ok(round < 20, `not all fields were filled: ${JSON.stringify([...malicious.given])}`);
    for (const view of VIEWS) {
      await page.goto(`${server.http}/#${view}`);
      await page.reload();
      await page.locator('.room-item').nth(50).waitFor();
      if (view.startsWith('/room/')) await page.locator('[data-number]').nth(50).waitFor();
      await page.waitForLoadState('networkidle');
      assert.deepEqual(await foreignElements(page), [], view);
    }
  }
});

/** Elements that the page never makes, and addresses that it never has. */
function foreignElements(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const never =
      'script:not([src]):not([type="application/json"]), iframe, object, embed, base, form[action], meta[http-equiv], style, math';
    const found = [...document.querySelectorAll(`body :is(${never})`)].map(({ outerHTML }) => outerHTML);
    for (const element of document.querySelectorAll('*'))
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on')) found.push(`${element.tagName} ${name}`);
        if (name === 'href' && !/^(?:https?:\/\/|#\/|\/web\/|\/files\/|\/media\/)/.test(value))
          found.push(`${element.tagName} href ${value}`);
      }
    return found;
  });
}
