import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStorage } from '../../../testing/web-storage.ts';
import { BrowserStorage } from '../browser-storage.ts';
import { isSameName, type TabRecord, TabRecords } from './tab-records.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const session = { session: 'secret', self: { type: 'user', id: 1 } } as TabRecord['session'];
const unsent = [{ id: 'm1', room: { type: 'room', id: 1 }, text: 'hello', state: 'waiting' }] as const;

function recordOf(changes: Partial<TabRecord>): TabRecord {
  return { name: 'ana', isGuest: false, session, outbox: [], owner: 'tab', savedAt: NOW, ...changes };
}

function recordsWith(entries: { readonly [id: string]: Partial<TabRecord> }, memory = new MemoryStorage()): TabRecords {
  const records = new TabRecords(new BrowserStorage(memory));
  for (const [id, changes] of Object.entries(entries)) records.write(id, recordOf(changes));
  return records;
}

test('WEB-03 a new tab goes on with the newest record of a tab that is gone', () => {
  const records = recordsWith({ old: { savedAt: NOW - MINUTE }, newer: {}, used: { savedAt: NOW + 1 } });
  assert.equal(records.adoptable('ana', new Set(['used']), NOW), 'newer');
  assert.deepEqual(records.read('newer'), recordOf({}));
});

test('WEB-03 unsent messages of an account are kept for as long as it takes, an idle session for 30 minutes', () => {
  const savedAt = NOW - 31 * MINUTE;
  const records = recordsWith({ idle: { savedAt }, unsent: { savedAt: savedAt - 10_000 * MINUTE, outbox: unsent } });
  assert.equal(records.adoptable('ana', new Set(), NOW), 'unsent');
  assert.equal(records.read('idle'), null);
});

test('WEB-03 a record is adopted only by the same account, or by a guest if nobody is logged in', () => {
  const records = recordsWith({ ana: {}, bob: { name: 'bob' }, guest: { name: 'ana', isGuest: true } });
  assert.equal(records.adoptable('ANA', new Set(), NOW), 'ana');
  assert.equal(records.adoptable('eve', new Set(), NOW), null);
  assert.equal(records.adoptable(null, new Set(), NOW), 'guest');
});

test('WEB-03 after a day nobody comes back as a guest', () => {
  const records = recordsWith({ guest: { isGuest: true, outbox: unsent, savedAt: NOW - 25 * 60 * MINUTE } });
  assert.equal(records.adoptable(null, new Set(), NOW), null);
  assert.equal(records.read('guest'), null);
});

test('WEB-17 WEB-08 what is not sent is counted over all tabs of a person, and removed with the person', () => {
  const records = recordsWith({
    one: { outbox: unsent },
    two: { name: 'Ana', outbox: unsent },
    bob: { name: 'bob', outbox: unsent },
  });
  assert.equal(records.unsent('ana'), 2);
  records.removeOf('ana');
  assert.deepEqual([records.unsent('ana'), records.unsent('bob')], [0, 1]);
});

test('WEB-03 what is no record is removed, and a browser without room or storage says so', () => {
  const memory = new MemoryStorage();
  memory.setItem('parlance.tab.bad', '{"name":"ana","outbox":[]}');
  memory.setItem('parlance.tab.worse', '{');
  const records = recordsWith({}, memory);
  assert.deepEqual([records.read('bad'), records.read('worse')], [null, null]);
  assert.equal(records.adoptable('ana', new Set(), NOW), null);
  assert.equal(memory.length, 0);
  assert.equal(recordsWith({}, new MemoryStorage(50)).write('a', recordOf({})), false);
  assert.equal(new TabRecords(new BrowserStorage(null)).write('a', recordOf({})), false);
});

test('WEB-03 spellings of one name are the same name', () => {
  assert.ok(isSameName('Ana', 'aNA'));
  assert.ok(!isSameName('ana', 'anna'));
});
