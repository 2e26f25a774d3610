import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TabChannel, Tabs } from './tabs.ts';

type Listener = Parameters<TabChannel['addEventListener']>[1];

/** Channels that are connected with each other, as those of the tabs of one browser are. */
class Browser {
  readonly #listeners = new Map<TabChannel, Listener>();
  readonly #channels = new Map<string, TabChannel>();
  now = 0;

  open(id: string): Tabs {
    const channel: TabChannel = {
      postMessage: (data) => {
        for (const [other, listener] of this.#listeners)
          if (other !== channel) listener({ data: structuredClone(data) });
      },
      addEventListener: (_, listener) => this.#listeners.set(channel, listener),
    };
    this.#channels.set(id, channel);
    return new Tabs(channel, () => this.now, id);
  }

  /** The tab ends without a word. */
  crash(id: string): void {
    const channel = this.#channels.get(id);
    if (channel !== undefined) this.#listeners.delete(channel);
  }
}

test('WEB-02 a tab is told which records the others use, also by those that began before it', async () => {
  const browser = new Browser();
  const first = browser.open('a');
  first.tell({ record: 'one', person: 1 });
  const second = browser.open('b');
  assert.deepEqual([...(await second.recordsInUse())], ['one']);
  second.tell({ record: 'two', person: 1 });
  assert.deepEqual([...(await first.recordsInUse())], ['two']);
  second.leave();
  assert.deepEqual([...(await first.recordsInUse())], []);
});

test('WEB-13 one of the tabs of a person is the leader, and another one follows when it is closed', () => {
  const browser = new Browser();
  const tabs = ['b', 'a', 'c'].map((id) => browser.open(id));
  const leaders = () => tabs.filter(({ isLeader }) => isLeader.value).map(({ id }) => id);
  assert.deepEqual(leaders(), []);
  for (const tab of tabs) tab.tell({ person: 1 });
  assert.deepEqual(leaders(), ['a']);
  tabs[1]?.leave();
  tabs.splice(1, 1);
  assert.deepEqual(leaders(), ['b']);
});

test('WEB-13 a tab where nobody, or somebody else, is logged in leads only itself', () => {
  const browser = new Browser();
  const [entrance, guest, account] = ['a', 'b', 'c'].map((id) => browser.open(id));
  guest?.tell({ person: 7 });
  account?.tell({ person: 8 });
  assert.deepEqual([entrance?.isLeader.value, guest?.isLeader.value, account?.isLeader.value], [false, true, true]);
});

test('WEB-13 a tab that has crashed is forgotten when it has said nothing for long', () => {
  const browser = new Browser();
  browser.open('a').tell({ person: 1 });
  const left = browser.open('b');
  left.tell({ person: 1 });
  browser.crash('a');
  browser.now = 100_000;
  left.beat();
  assert.equal(left.isLeader.value, false);
  browser.now = 200_000;
  left.beat();
  assert.equal(left.isLeader.value, true);
});

test('WEB-11 the rooms that a person looks at are known in all tabs of that person', () => {
  const browser = new Browser();
  const [one, two, other] = ['a', 'b', 'c'].map((id) => browser.open(id));
  one?.tell({ person: 1 });
  other?.tell({ person: 2 });
  two?.tell({ person: 1, room: 5 });
  assert.deepEqual(
    [one, two, other].map((tab) => [...(tab?.watchedRooms.value ?? [])]),
    [[5], [5], []],
  );
  two?.tell({ room: null });
  assert.deepEqual([...(one?.watchedRooms.value ?? [])], []);
});

test('WEB-02 without a channel a tab is alone', async () => {
  const tabs = new Tabs(null);
  tabs.tell({ person: 1, room: 3 });
  assert.deepEqual(
    [tabs.isLeader.value, [...tabs.watchedRooms.value], [...(await tabs.recordsInUse())]],
    [true, [3], []],
  );
});
