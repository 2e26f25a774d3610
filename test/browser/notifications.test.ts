import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from '../../testing/browser.ts';
import { lastFirst } from '../../testing/last-first.ts';
import { startServerProcess } from '../../testing/server.ts';
import { chooseOfSelf, composerOf, enterAsGuest, messageOf, say, signUp } from '../../testing/web-actions.ts';
import { WebClients } from '../../testing/web-client.ts';

const skip = noBrowser;
const clients = new WebClients({ after });

type Shown = { readonly title: string; readonly body: string; isClosed: boolean };
type Stubbed = { readonly shown: (EventTarget & Shown)[]; asked: number };

/** Runs in the page: notifications that are noted and not shown. The permission counts in all tabs. */
function stubNotifications(): void {
  const noted: Stubbed = { shown: [], asked: 0 };
  class StubNotification extends EventTarget {
    readonly title: string;
    readonly body: string;
    isClosed = false;

    constructor(title: string, { body }: { body: string }) {
      super();
      this.title = title;
      this.body = body;
      noted.shown.push(this);
    }

    static get permission(): string {
      return localStorage.getItem('stub.permission') ?? 'default';
    }

    static requestPermission(): Promise<string> {
      noted.asked += 1;
      localStorage.setItem('stub.permission', 'granted');
      return Promise.resolve('granted');
    }

    close(): void {
      this.isClosed = true;
    }
  }
  Object.assign(globalThis, { Notification: StubNotification, stubbed: noted });
}

const notedIn = (page: Page): Promise<{ readonly shown: Shown[]; readonly asked: number }> =>
  page.evaluate(() => {
    const { shown, asked } = (globalThis as unknown as { stubbed: Stubbed }).stubbed;
    return { shown: shown.map(({ title, body, isClosed }) => ({ title, body, isClosed })), asked };
  });

const shownIn = async (pages: readonly Page[]) =>
  (await Promise.all(pages.map(async (page) => (await notedIn(page)).shown))).flat();

const unread = (pages: readonly Page[], count: number) =>
  Promise.all(
    pages.map((page) =>
      page.waitForFunction((start) => document.title.startsWith(start), count === 0 ? 'Parlance' : `(${count}) `, {
        timeout: 2_000,
      }),
    ),
  );

test('WEB-13 WEB-10 WEB-11 WEB-12 WEB-14 WEB-15 WEB-21 of three tabs one notifies of a mention, and all forget it when it is read', {
  skip,
}, async (t) => {
  const cleanup = lastFirst(t);
  const server = await startServerProcess(cleanup, { args: ['--name', 'Parlance'] });
  const client = await clients.open(cleanup, server.http);
  await client.context.addInitScript(stubNotifications);
  await client.page.reload();
  await signUp(client.page, 'ada');
  const bea = (await clients.open(cleanup, server.http)).page;
  await enterAsGuest(bea, 'bea');
  const tabs = [client.page, await client.openTab('/#/settings'), await client.openTab('/#/settings')];
  await chooseOfSelf(client.page, 'Settings');
  for (const tab of tabs) await tab.getByRole('heading', { name: 'Notifications' }).waitFor();
  assert.equal((await notedIn(client.page)).asked, 0);
  await client.page.getByLabel('Notify me of').selectOption('mentions');
  await client.page.waitForFunction(() => localStorage.getItem('parlance.choices')?.includes('"mentions"'));
  assert.equal((await notedIn(client.page)).asked, 1);

  // One tab notifies.
  await say(bea, 'nobody in particular');
  await unread(tabs, 1);
  await say(bea, 'tea, @Ada?');
  await unread(tabs, 2);
  assert.deepEqual(await shownIn(tabs), [{ title: 'bea (lobby)', body: 'tea, @Ada?', isClosed: false }]);

  // A click leads to the message, which is then read: all tabs forget it.
  const counted = await Promise.all(tabs.map(async (tab) => ({ tab, count: (await notedIn(tab)).shown.length })));
  const [leader, other, last] = counted.toSorted((a, b) => b.count - a.count).map(({ tab }) => tab);
  assert.ok(leader && other && last);
  await leader.evaluate(() => {
    (globalThis as unknown as { stubbed: Stubbed }).stubbed.shown[0]?.dispatchEvent(new Event('click'));
  });
  await messageOf(leader, 'tea, @Ada?').waitFor();
  assert.match(leader.url(), /#\/room\/\d+\/2$/);
  await unread([other, last], 0);

  // Not of a room that one looks at in some tab.
  await say(bea, '@ada again');
  await messageOf(leader, '@ada again').waitFor();
  await unread([other, last], 0);
  await chooseOfSelf(leader, 'Settings');
  await say(bea, '@ada a third time');
  await unread(tabs, 1);
  assert.deepEqual(
    (await shownIn(tabs)).map(({ body }) => body),
    ['tea, @Ada?', '@ada a third time'],
  );

  // What is read in another tab is taken back here.
  await other.goto(`${server.http}/`);
  await composerOf(other).waitFor();
  await unread([leader, last], 0);
  await leader.waitForFunction(() =>
    (globalThis as unknown as { stubbed: Stubbed }).stubbed.shown.every(({ isClosed }) => isClosed),
  );

  // Another tab takes over from one that is closed.
  await chooseOfSelf(other, 'Settings');
  await leader.close();
  await say(bea, '@ada the last time');
  await unread([other, last], 1);
  assert.deepEqual(
    (await shownIn([other, last])).map(({ body }) => body),
    ['@ada the last time'],
  );
});
