import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client, PageOptions } from '../../../src/protocols/documents/client.ts';
import { PagedList } from './paged-list.ts';

type Snapshot = { value: unknown; error: Error | null };

/** A client whose pages the test fills in. */
class Pages {
  readonly open = new Map<number, Snapshot & { listener: () => void }>();

  watchPage(_: unknown, { page = 1 }: PageOptions) {
    const live = { value: undefined as unknown, error: null, listener: () => {} };
    this.open.set(page, live);
    return Object.assign(live, {
      subscribe: (listener: () => void) => Object.assign(live, { listener }),
      close: () => this.open.delete(page),
    });
  }

  show(page: number, total: number, ids: readonly number[]): void {
    const entries = ids.map((id) => ({ key: { type: 'user', id } }));
    const live = this.open.get(page);
    Object.assign(live ?? {}, { value: { total, entries } });
    live?.listener();
  }

  refuse(page: number): void {
    const live = this.open.get(page);
    Object.assign(live ?? {}, { value: undefined, error: new Error('no such page') });
    live?.listener();
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('WEB-106 a list loads one page at a time until it has all, shows nobody twice, and lets go of all of them', () => {
  const pages = new Pages();
  const list = new PagedList(pages as unknown as Client, { type: 'members', id: 1 }, 'asc_pres_first');
  const ids = () => list.entries.value.map(({ key }) => key.id);
  list.loadMore();
  assert.deepEqual([[...pages.open.keys()], list.isLoading.value], [[1], true]);
  pages.show(1, 150, range(1, 100));
  assert.deepEqual([list.hasMore.value, list.isLoading.value, list.total.value], [true, false, 150]);
  list.loadMore();
  list.loadMore();
  assert.deepEqual([...pages.open.keys()], [1, 2]);
  // Somebody has moved from the first page to the second one, which is not told yet.
  pages.show(2, 150, range(100, 150));
  assert.deepEqual(ids(), range(1, 150));
  list.loadMore();
  assert.deepEqual([[...pages.open.keys()], list.hasMore.value], [[1, 2], false]);
  pages.refuse(2);
  assert.deepEqual([list.isLoading.value, ids()], [false, range(1, 100)]);
  list.close();
  assert.equal(pages.open.size, 0);
});
