import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '../../../testing/random.ts';
import { roomStream, type StreamId } from '../../core/model/ids.ts';
import type { TableName } from '../../core/model/rows.ts';
import { readEverything, type StoredState, randomHistory } from '../../../testing/storage/history.ts';
import {
  inDirectory,
  invitationMade,
  inRoom,
  itemOf,
  ofPerson,
  passwordSet,
  posted,
  markerItem,
  sessionItem,
  postedFile,
  tokenIssued,
  uploaded,
} from '../../../testing/storage/samples.ts';
import { CREATION, inProcess } from '../../../testing/storage/sqlite.ts';
import { one, text } from './database.ts';
import type { Reader } from './reader.ts';

const FLIPS = 150;

test('STORE-43 a changed text is not served, neither as a message nor as an entry', (context) => {
  const { file, writer, reader } = inProcess(context);
  writer.open(CREATION);
  writer.append([itemOf([posted(1, 1, 'these words')])], 0);
  const db = new DatabaseSync(file);
  for (const table of ['message', 'entry']) db.exec(`UPDATE ${table} SET body = replace(body, 'words', 'swords')`);
  db.close();
  assert.throws(() => reader.page(1, null, 1), /damaged/);
  assert.throws(() => reader.message('1-1'), /damaged/);
  assert.throws(() => reader.entries(roomStream(1), 0, 1), /damaged/);
  assert.equal(writer.append([itemOf([posted(1, 1, 'late')])], 0).results[0]?.type, 'unavailable');
});

const STREAMS: readonly StreamId[] = ['directory', 'room/1', 'room/2', 'person/3', 'person/4'];

/** The reads that return the row of each table in `oneOfEach`: loads of these streams, and one more query. */
const READS: { readonly [table in TableName]: { readonly streams: readonly StreamId[]; readonly more?: Query } } = {
  room: { streams: ['room/1'] },
  message: { streams: [], more: (reader) => reader.page(1, null, 1) },
  mute: { streams: ['room/1'] },
  member: { streams: ['room/1', 'person/3'] },
  room_ban: { streams: ['room/1'] },
  invitation: { streams: ['room/1'], more: (reader) => reader.invitation('of a code') },
  ban: { streams: ['directory'] },
  name: { streams: ['directory'] },
  account: { streams: ['directory'] },
  unit: { streams: ['directory'] },
  unit_member: { streams: ['directory'] },
  credential: { streams: ['person/3'], more: (reader) => reader.credential(3) },
  contact: { streams: ['person/3'] },
  block: { streams: ['person/3'] },
  read: { streams: ['person/3'] },
  token: { streams: ['person/3'], more: (reader) => reader.token('digest') },
  shown: { streams: [], more: (reader) => reader.deliveryMarkers(3) },
  session: { streams: [], more: (reader) => reader.session('digest') },
  subscription: { streams: [], more: (reader) => reader.session('digest') },
  upload: { streams: ['person/3'], more: (reader) => reader.file('unsent') },
  file: { streams: [], more: (reader) => reader.file('sent') },
};

type Query = (reader: Reader) => unknown;

/** Whether a query finds damage; other errors are thrown. */
function isDamaged(query: () => unknown): boolean {
  try {
    query();
    return false;
  } catch (error) {
    if (error instanceof Error && error.message.includes('damaged')) return true;
    throw error;
  }
}

/** A store with one row in each table. */
function oneOfEach(context: TestContext) {
  const { file, writer, reader } = inProcess(context);
  writer.open(CREATION);
  const member = { room: 1, person: 3, name: 'Ada', role: 'member', other: null, since: 0 } as const;
  const account = { person: 3, name: 'Ada', skeleton: 'ada', displayName: 'Ada', role: 'user' } as const;
  const at = 1;
  const items = [
    itemOf([
      postedFile(1, 1, 'sent'),
      inRoom(1, 2, { type: 'room-created', room: 1, identity: 'i', name: 'Hall', at }),
      inRoom(1, 3, { type: 'person-muted', mute: { room: 1, person: null, skeleton: 'eve', until: null }, at }),
      inRoom(1, 4, { type: 'member-joined', member, at }),
      inRoom(1, 5, { type: 'member-banned', ban: { room: 1, person: 4, reason: 'why', until: null }, at }),
      invitationMade(1, 6, 'of a code'),
      passwordSet(3, 1, 'verifier', null),
      ofPerson(3, 2, { type: 'contact-added', person: 3, other: 4, at }),
      ofPerson(3, 3, { type: 'block-added', person: 3, other: 5, at }),
      ofPerson(3, 4, { type: 'room-read', person: 3, room: 1, number: 1, at }),
      tokenIssued(3, 5, 'digest'),
      uploaded(3, 6, 'unsent'),
      inDirectory(1, { type: 'ban-set', ban: { skeleton: 'eve', name: 'Eve', reason: '', until: null }, at }),
      inDirectory(2, { type: 'name-taken', name: { skeleton: 'hall', name: 'Hall', room: 1 }, at }),
      inDirectory(3, { type: 'account-created', account, at }),
      inDirectory(4, { type: 'unit-created', unit: { id: 6, name: 'Sales', skeleton: 'sales', parent: null }, at }),
      inDirectory(5, { type: 'unit-member-added', unit: 6, person: 3, at }),
    ]),
    markerItem(3, [[1, 1]]),
    sessionItem({ digest: 'digest', person: 3, passwordPosition: 1, expires: 9, documents: ['user/4'] }),
  ];
  assert(writer.append(items, 0).results.every(({ type }) => type === 'committed'));
  const db = new DatabaseSync(file);
  context.after(() => db.close());
  return { db, reader };
}

test('STORE-43 STORE-51 a changed row of any table is not served, and other streams still load', (context) => {
  const { db, reader } = oneOfEach(context);
  for (const [table, { streams, more }] of Object.entries(READS)) {
    for (const [change, undo] of [
      [`body = body || ' '`, 'body = rtrim(body)'],
      ['sum = sum + 1', 'sum = sum - 1'],
    ]) {
      db.exec(`UPDATE ${table} SET ${change}`);
      const damaged = STREAMS.filter((stream) => isDamaged(() => reader.load(stream)));
      assert.deepEqual(damaged, streams, `${table}: ${change}`);
      if (more !== undefined)
        assert(
          isDamaged(() => more(reader)),
          `${table}: ${change}`,
        );
      db.exec(`UPDATE ${table} SET ${undo}`);
      if (more !== undefined) more(reader);
    }
  }
});

test('STORE-43 a row under another key is not served, in any table', (context) => {
  const { db, reader } = oneOfEach(context);
  const queries: Query[] = [
    ...STREAMS.map((stream) => (store: Reader) => store.load(stream)),
    ...[1, 2].map((room) => (store: Reader) => store.page(room, null, 1)),
    (store: Reader) => store.token('digest'),
    ...['sent', 'unsent', 'other'].map((id) => (store: Reader) => store.file(id)),
    ...['digest', 'other'].map((digest) => (store: Reader) => store.session(digest)),
    ...[3, 4].flatMap((person) => [
      (store: Reader) => store.credential(person),
      (store: Reader) => store.deliveryMarkers(person),
    ]),
  ];
  for (const table of Object.keys(READS)) {
    for (const column of db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all()) {
      const name = text(column, 'name');
      if (name === 'body' || name === 'sum') continue;
      const before = one(db, `SELECT ${name} AS value FROM ${table}`)['value'];
      assert(typeof before === 'number' || typeof before === 'string');
      const set = db.prepare(`UPDATE ${table} SET ${name} = ?`);
      set.run(typeof before === 'number' ? before + 1 : 'other');
      assert(
        queries.some((query) => isDamaged(() => query(reader))),
        `${table}: ${name}`,
      );
      set.run(before);
      for (const query of queries) query(reader);
    }
  }
});

test('STORE-43 exchanged rows and missing entries are found', (context) => {
  const { file, writer, reader } = inProcess(context);
  writer.open(CREATION);
  writer.append([itemOf([posted(1, 1), posted(1, 2), posted(1, 3)])], 0);
  const db = new DatabaseSync(file);
  db.exec('DELETE FROM entry WHERE position = 3');
  assert.throws(() => reader.entries(roomStream(1), 0, 3), /lacks entries/);
  assert.equal(reader.entries(roomStream(1), 0, 2).length, 2);
  for (const [from, to] of [
    [1, 9],
    [2, 1],
    [9, 2],
  ]) {
    db.exec(`UPDATE entry SET position = ${to} WHERE position = ${from}`);
    db.exec(`UPDATE message SET number = ${to} WHERE number = ${from}`);
  }
  assert.throws(() => reader.entries(roomStream(1), 0, 2), /damaged/);
  assert.throws(() => reader.page(1, 3, 1), /damaged/);
  db.close();
});

test('STORE-43 after any bit of the file has flipped no changed text is served', async (context) => {
  const { file, writer, reader } = inProcess(context);
  writer.open(CREATION);
  writer.append(randomHistory(seededRandom(43), 600), 0);
  const before = await readEverything(reader);
  const known = new Set(contents(before));
  reader.close();
  writer.close(true);
  const sound = readFileSync(file);
  const random = seededRandom(44);
  let found = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    const damaged = Buffer.from(sound);
    const at = random.below(damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8));
    writeFileSync(file, damaged);
    try {
      const after = await readEverything(reader);
      for (const content of contents(after)) assert(known.has(content), `${content} after a flip at ${at}`);
      if (!isDeepStrictEqual(after, before)) found++;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      found++;
    }
    reader.close();
  }
  assert(found > FLIPS / 10, `only ${found} flips were noticed`);
});

/** Everything that was read, each entry, row and message as text. */
function contents({
  snapshots,
  entries,
  messages,
  credentials,
  tokens,
  sessions,
  markers,
  files,
}: StoredState): string[] {
  const lists = snapshots.flatMap((snapshot) => Object.values(snapshot).filter(Array.isArray)).flat();
  const rows = snapshots.map(({ room }) => room);
  const ofSessions = sessions.flatMap(({ documents, ...row }) => [row, ...documents.map((one) => [row.digest, one])]);
  return [
    ...entries.flat(),
    ...messages,
    ...lists,
    ...rows,
    ...credentials,
    ...tokens,
    ...ofSessions,
    ...markers.flat(),
    ...files,
  ].map((value) => JSON.stringify(value));
}
