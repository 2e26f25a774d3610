import type { Page } from 'playwright-core';
import type { WebScene } from './web-scene.ts';

/** One of the main views, and how one comes to it, in any language. */
export type WebView = { readonly name: string; readonly open: (page: Page, scene: WebScene) => Promise<void> };

/** Every main view of the page for somebody who is logged in. */
export const WEB_VIEWS: readonly WebView[] = [
  { name: 'room-empty', open: (page, { rooms }) => go(page, `#/room/${rooms.empty}`, '.empty') },
  { name: 'room-ten', open: (page, { rooms }) => go(page, `#/room/${rooms.few}`, `.message[data-number="10"]`) },
  { name: 'room-many', open: (page, { rooms }) => go(page, `#/room/${rooms.many}`, '.message') },
  { name: 'room-direct', open: (page, { rooms }) => go(page, `#/room/${rooms.direct}`, '.message') },
  {
    name: 'room-at-message',
    open: (page, { rooms }) => go(page, `#/room/${rooms.few}/3`, '.message[data-number="3"]'),
  },
  { name: 'room-missing', open: (page) => go(page, '#/room/1', '.middle > main') },
  { name: 'rooms', open: (page) => go(page, '#/', '.shell') },
  {
    name: 'room-details',
    open: async (page, { rooms }) => {
      await go(page, `#/room/${rooms.few}`, '.message');
      await page.locator('.conversation-header .tools button').last().click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  {
    name: 'new-room',
    open: async (page) => {
      await go(page, '#/', '.shell');
      await page.locator('.sidebar header .menu button').click();
      await page.locator('[role="menuitem"]').first().click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  { name: 'invitation-over', open: (page) => go(page, '#/invitation/none', '.no-room [role="alert"]') },
  { name: 'search-hint', open: (page) => go(page, '#/search?text=', '.search .empty') },
  { name: 'search-found', open: (page) => go(page, '#/search?text=morning', '.found-message') },
  { name: 'search-people', open: (page) => go(page, '#/search?text=young', '.found-person') },
  { name: 'search-nothing', open: (page) => go(page, '#/search?text=xylophone', '.search .empty') },
  { name: 'switch', open: (page) => openByKey(page, 'Control+k') },
  { name: 'keys', open: (page) => openByKey(page, '?') },
  {
    name: 'date',
    open: async (page, { rooms }) => {
      await go(page, `#/room/${rooms.few}`, '.line.is-day button');
      await page.locator('.line.is-day button').first().click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  { name: 'settings', open: (page) => go(page, '#/settings', '.settings, main') },
  { name: 'directory', open: (page) => go(page, '#/people', '.directory .person-item') },
  { name: 'person', open: (page, { person }) => go(page, `#/person/${person}`, 'dialog[open]') },
  {
    name: 'self-menu',
    open: async (page) => {
      await go(page, '#/', '.shell');
      await page.locator('.self-menu button').first().click();
      await page.locator('[role="menu"]').waitFor();
    },
  },
];

/** Logs in by the form of the entrance, in any language. */
export async function logInAs(page: Page, { viewer, password }: WebScene): Promise<void> {
  const field = page.locator('[autocomplete="current-password"]');
  await page.locator('.ways button').first().waitFor();
  for (const way of await page.locator('.ways button').all()) {
    await way.click();
    if ((await field.count()) > 0) break;
  }
  await page.locator('[autocomplete="username"]').fill(viewer);
  await field.fill(password);
  await field.press('Enter');
  await page.locator('.room-item').first().waitFor();
  await settled(page);
}

/** Closes the dialog or the menu that is open, if one is. */
export async function closeDialog(page: Page): Promise<void> {
  const dialog = page.locator('dialog[open], [role="menu"]');
  if ((await dialog.count()) === 0) return;
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

/** Shows this address of the page, and waits until something of the view is there. */
async function go(page: Page, hash: string, selector: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, hash);
  await page.locator(selector).first().waitFor({ state: 'attached' });
  await settled(page);
}

async function openByKey(page: Page, key: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press(key);
  await page.locator('dialog[open]').waitFor();
  await settled(page);
}

/** Resolves when fonts and pictures are loaded, and nothing moves any more but what is meant to go on. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const pictures = [...document.images].filter(({ loading, complete }) => loading !== 'lazy' && !complete);
    await Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}
