import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import {
  deleted,
  edited,
  fileInfo,
  inDirectory,
  inRoom,
  invitationMade,
  itemOf,
  markerItem,
  message,
  passwordSet,
  posted,
  sessionItem,
  sorted,
  tokenIssued,
  uploaded,
} from '../../../testing/storage/samples.ts';
import type { RoomMarkers } from '../../core/model/rows.ts';
import { encodeRow } from './checksum.ts';
import { integer, one, text } from './database.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { openSqliteStorage } from './open.ts';
import type { SqliteStorage } from './storage.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { silentLog } from '../../../testing/world.ts';
import { EMPTY } from '../snapshot.ts';

/** A database as a version of the schema left it, with rows that the program of that time wrote. */
const databaseOf = (version: number) =>
  readFileSync(new URL(`./vectors/version-${version}.sql`, import.meta.url), 'utf8');
const VERSIONS = MIGRATIONS.slice(1).map((_, index) => index + 1);

function database(context: TestContext): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  context.after(() => db.close());
  return db;
}

function state(db: DatabaseSync): unknown {
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
  return [integer(one(db, 'PRAGMA user_version'), 'user_version'), ...tables.map(({ name }) => name)];
}

test('STORE-35 a database of a newer version is refused, unchanged, and the error says what to do', async (context) => {
  const directory = temporaryDirectory(context);
  const options = { directory, clock: new FakeClock(), ids: countingIds(), log: silentLog };
  await (await openSqliteStorage(options)).close();
  const change = (version: number) => {
    const db = new DatabaseSync(join(directory, 'parlance.db'));
    db.exec(`PRAGMA user_version = ${version}`);
    const clean = integer(one(db, 'SELECT clean FROM meta'), 'clean');
    db.close();
    return clean;
  };
  change(MIGRATIONS.length + 1);
  await assert.rejects(
    openSqliteStorage(options),
    /parlance\.db: the data was written by a newer version.*Start that version/,
  );
  assert.equal(change(MIGRATIONS.length), 1);
  await (await openSqliteStorage(options)).close();
});

test('STORE-36 migrations run in order, each once', (context) => {
  const db = database(context);
  migrate(db, ['CREATE TABLE a (x TEXT)']);
  assert.deepEqual(state(db), [1, 'a']);
  migrate(db, ['CREATE TABLE a (x TEXT)', 'CREATE TABLE b (x TEXT)', 'ALTER TABLE b RENAME TO c']);
  assert.deepEqual(state(db), [3, 'a', 'c']);
});

test('STORE-36 a failed migration changes nothing, and those before it stay', (context) => {
  const db = database(context);
  const broken = ['CREATE TABLE a (x TEXT)', 'CREATE TABLE b (x TEXT); CREATE TABLE b (x TEXT)'];
  assert.throws(() => migrate(db, broken), /already exists/);
  db.exec('ROLLBACK');
  assert.deepEqual(state(db), [1, 'a']);
  migrate(db, ['CREATE TABLE a (x TEXT)', 'CREATE TABLE b (x TEXT)']);
  assert.deepEqual(state(db), [2, 'a', 'b']);
});

test('STORE-56 STORE-36 a database made by version 1 is opened, and reads as before', async (context) => {
  const storage = await openVersion(context, 1);
  assert.deepEqual([storage.serverId, storage.identity, await storage.checked], [5, 'history', 'clean']);
  const first = message(1, 1, 2, 'first words');
  const taken = { ...message(1, 2, 3, ''), deletedAt: 9 };
  const change = edited(first, 4, 'second words');
  assert(change.body.type === 'message-edited');
  const name = { skeleton: 'lobby', name: 'Lobby', room: 1 };
  const mute = { room: 1, person: 7, skeleton: 'ada', until: 50 };
  const ban = { skeleton: 'eve', name: 'Eve', reason: 'why', until: null };
  assert.deepEqual(await storage.entries('room/1', 0, 10), [
    inRoom(1, 1, { type: 'room-created', room: 1, identity: 'i', name: 'Lobby', at: 1 }),
    inRoom(1, 2, { type: 'message-posted', message: { ...first, text: 'first words' }, at: 2 }),
    inRoom(1, 3, { type: 'message-posted', message: { ...taken, deletedAt: null }, at: 3 }),
    change,
    deleted({ ...taken, deletedAt: null }, 5),
    inRoom(1, 6, { type: 'person-muted', mute, at: 4 }),
  ]);
  assert.deepEqual(await storage.entries('directory', 0, 10), [
    inDirectory(1, { type: 'name-taken', name, at: 1 }),
    inDirectory(2, { type: 'ban-set', ban, at: 5 }),
  ]);
  const room = { id: 1, identity: 'i', name: 'Lobby' };
  assert.deepEqual(await storage.load('room/1'), { ...EMPTY, position: 6, lastNumber: 2, room, mutes: [mute] });
  assert.deepEqual(await storage.load('directory'), { ...EMPTY, position: 2, bans: [ban], names: [name] });
  assert.deepEqual(await storage.load('person/7'), EMPTY);
  assert.deepEqual(await storage.page(1, null, 10), { position: 6, messages: [change.body.message, taken] });
  const once = { scope: 'person/7', key: 'key', digest: '', result: '', expires: 9e12 };
  const results = await storage.append([itemOf([posted(1, 7)], once), itemOf([passwordSet(7, 1, 'v', null)])]);
  assert.deepEqual(results, [{ type: 'repeated', digest: 'digest', result: 'result' }, { type: 'committed' }]);
  assert.equal((await storage.credential(7))?.verifier, 'v');
});

test('STORE-56 STORE-36 a database made by version 2 is opened, reads as before, and can hold tokens', async (context) => {
  const storage = await openVersion(context, 2);
  const account = { person: 7, name: 'Ada', skeleton: 'ada', displayName: 'Ada L.', role: 'owner' } as const;
  const member = { room: 1, person: 7, name: 'Ada', role: 'member', other: null, since: 0 } as const;
  assert.deepEqual(await storage.load('directory'), { ...EMPTY, position: 1, accounts: [account] });
  assert.deepEqual(await storage.load('room/1'), { ...EMPTY, position: 1, members: [member] });
  const ada = {
    ...EMPTY,
    position: 6,
    contacts: [8],
    blocks: [9],
    memberships: [member],
    read: [{ person: 7, room: 1, number: 3 }],
    passwordPosition: 3,
  };
  assert.deepEqual(await storage.load('person/7'), ada);
  assert.deepEqual(
    [(await storage.credential(7))?.verifier, await storage.deliveryMarkers(7)],
    ['the second', [[1, 2]]],
  );
  const entries = await storage.entries('person/7', 0, 10);
  assert.deepEqual([entries[0], entries[2]], [passwordSet(7, 1, '', null), passwordSet(7, 3, 'the second', 1)]);
  assert.equal(await storage.token('digest'), null);
  assert.deepEqual(await storage.append([itemOf([tokenIssued(7, 7, 'digest')])]), [{ type: 'committed' }]);
  const tokens = [{ digest: 'digest', person: 7, issuedAt: 1, expires: 9 }];
  assert.deepEqual(await storage.load('person/7'), { ...ada, position: 7, tokens });
});

test('STORE-56 STORE-36 a database made by version 3 is opened, reads as before, and can hold units', async (context) => {
  const storage = await openVersion(context, 3);
  const ada = { person: 7, name: 'Ada', skeleton: 'ada', displayName: 'Ada L.', role: 'owner' } as const;
  const bob = { person: 8, name: 'Bob', skeleton: 'bob', displayName: 'Bob', role: 'user', deletedAt: 3 } as const;
  const range = '203.0.113.0/24';
  const ban = { skeleton: range, name: range, reason: 'spam', until: null, address: true } as const;
  const before = { ...EMPTY, position: 4, bans: [ban], accounts: [ada, bob] };
  assert.deepEqual(sorted(await storage.load('directory')), before);
  const tokens = [{ digest: 'second', person: 7, issuedAt: 1, expires: 20 }];
  assert.deepEqual(await storage.load('person/7'), { ...EMPTY, position: 5, passwordPosition: 1, tokens });
  assert.deepEqual([await storage.token('first'), await storage.token('second')], [null, tokens[0]]);
  assert.deepEqual((await storage.page(1, null, 10)).messages, [message(1, 1, 1, 'words')]);
  const unit = { id: 9, name: 'Sales', skeleton: 'sales', parent: null };
  const added = [
    inDirectory(5, { type: 'unit-created', unit, at: 1 }),
    inDirectory(6, { type: 'unit-member-added', unit: 9, person: 7, at: 1 }),
  ];
  assert.deepEqual(await storage.append([itemOf(added)]), [{ type: 'committed' }]);
  const unitMembers = [{ unit: 9, person: 7 }];
  assert.deepEqual(sorted(await storage.load('directory')), { ...before, position: 6, units: [unit], unitMembers });
});

test('STORE-56 STORE-36 STORE-110 STORE-111 a database made by version 4 is opened, and what it withheld and who read what is found', async (context) => {
  const storage = await openVersion(context, 4);
  const { withheld, lastNumber } = await storage.load('room/1');
  assert.deepEqual([withheld.map(({ number }) => number), lastNumber], [[2, 3], 3]);
  const read = [
    { person: 7, room: 1, number: 3 },
    { person: 8, room: 1, number: 1 },
  ];
  assert.deepEqual(await storage.furthestReads(1), read);
  assert.deepEqual((await storage.load('directory')).unitMembers, [{ unit: 9, person: 7 }]);
  const hidden = { ...message(1, 4, 7, 'more words'), withheld: true } as const;
  const item = itemOf([inRoom(1, 7, { type: 'message-posted', message: hidden, at: 1 })]);
  assert.deepEqual(await storage.append([item]), [{ type: 'committed' }]);
  const after = (await storage.load('room/1')).withheld;
  assert.deepEqual(
    after.map(({ number }) => number),
    [2, 3, 4],
  );
  assert.deepEqual(after.at(-1)?.author, hidden.author.id);
});

test('STORE-56 STORE-36 STORE-140 a database made by version 5 is opened, reads as before, and can hold sessions', async (context) => {
  const storage = await openVersion(context, 5);
  const room = { id: 1, identity: 'i', name: 'Den', displayName: 'Our den', renamedAt: 5 };
  const member = { room: 1, person: 7, name: 'Ada', role: 'owner', other: null, since: 0 } as const;
  const roomBans = [{ room: 1, person: 8, reason: 'spam', until: null }];
  const den = { ...EMPTY, position: 5, lastNumber: 1, room, members: [member], roomBans };
  assert.deepEqual(await storage.load('room/1'), den);
  const token = { digest: 'digest', person: 7, issuedAt: 1, expires: 20 };
  const read = [{ person: 7, room: 1, number: 1 }];
  const ada = { ...EMPTY, position: 4, memberships: [member], read, passwordPosition: 1, tokens: [token] };
  assert.deepEqual(await storage.load('person/7'), ada);
  assert.deepEqual([(await storage.load('directory')).position, await storage.deliveryMarkers(7)], [2, [[1, 1]]]);
  assert.deepEqual((await storage.page(1, null, 9)).messages, [message(1, 1, 3, 'words')]);
  const kept = { digest: 'what was asked', result: 'what was answered', expires: 9e12 };
  assert.deepEqual(await storage.keptResult('post/7', 'nonce'), kept);
  const session = { digest: 'of a session', person: 7, passwordPosition: 1, expires: 9e12, documents: ['room/1'] };
  assert.equal(await storage.session('of a session'), null);
  assert.deepEqual(await storage.append([sessionItem(session)]), [{ type: 'committed' }]);
  assert.deepEqual(await storage.session('of a session'), session);
});

test('STORE-56 a migrated database of any version has the schema of a new one', (context) => {
  for (const version of VERSIONS) {
    const db = database(context);
    db.exec(databaseOf(version));
    migrate(db);
    assert.deepEqual(schemaOf(db), schemaOf(migrated(context, MIGRATIONS)));
    migrate(db);
    assert.deepEqual(integer(one(db, 'PRAGMA user_version'), 'user_version'), MIGRATIONS.length);
  }
});

test('STORE-56 STORE-36 a database made by version 6 is opened, reads as before, and can hold files', async (context) => {
  const storage = await openVersion(context, 6);
  const documents = ['room/1', 'user/8'];
  const session = { digest: 'of ada', person: 7, passwordPosition: 1, expires: 20 };
  const found = await storage.session('of ada');
  assert.deepEqual(found && { ...found, documents: found.documents.toSorted() }, { ...session, documents });
  const second = message(1, 2, 6, 'more words');
  assert.deepEqual((await storage.page(1, null, 9)).messages, [message(1, 1, 3, 'words'), second]);
  assert.deepEqual((await storage.load('person/7')).uploads, []);
  assert.deepEqual(await storage.append([itemOf([uploaded(7, 5, 'cat')])]), [{ type: 'committed' }]);
  assert.deepEqual([(await storage.file('cat'))?.name, await storage.fileBytes(7)], ['cat.png', 9]);
});

test('STORE-56 STORE-36 STORE-160 a database made by version 7 is opened, reads as before, and can hold invitations', async (context) => {
  const storage = await openVersion(context, 7);
  const room = { id: 1, identity: 'i', name: 'Den', closed: true } as const;
  const member = { room: 1, person: 7, name: 'Ada', role: 'owner', other: null, since: 0 } as const;
  const den = { ...EMPTY, position: 3, lastNumber: 1, room, members: [member] };
  assert.deepEqual(await storage.load('room/1'), den);
  const { memberships, tokens, uploads, passwordPosition } = await storage.load('person/7');
  assert.deepEqual([memberships, passwordPosition], [[member], 1]);
  assert.deepEqual([tokens.map(({ digest }) => digest), uploads.map(({ id }) => id)], [['digest'], ['cat']]);
  const sent = { ...message(1, 1, 3, 'words'), file: fileInfo('dog') };
  assert.deepEqual((await storage.page(1, null, 9)).messages, [sent]);
  assert.deepEqual([(await storage.file('dog'))?.name, await storage.deliveryMarkers(7)], ['cat.png', [[1, 1]]]);
  assert.deepEqual((await storage.session('of ada'))?.documents, ['room/1']);
  const invitation = { digest: 'of a code', room: 1, maker: 7, until: 9, usesLeft: 2 };
  assert.equal(await storage.invitation('of a code'), null);
  assert.deepEqual(await storage.append([itemOf([invitationMade(1, 4, 'of a code')])]), [{ type: 'committed' }]);
  assert.deepEqual(await storage.load('room/1'), { ...den, position: 4, invitations: [invitation] });
  assert.deepEqual(await storage.invitation('of a code'), invitation);
});

test('STORE-56 STORE-36 STORE-157 a database made by version 8 is opened, reads as before, and its markers are a row for each room', async (context) => {
  const storage = await openVersion(context, 8);
  const invitation = { digest: 'of a code', room: 1, maker: 7, until: 9, usesLeft: 2 };
  assert.deepEqual(await storage.invitation('of a code'), invitation);
  assert.deepEqual((await storage.load('room/2')).room, { id: 2, identity: 'j', name: 'Hall' });
  const markers = async () =>
    Promise.all([7, 8, 9].map(async (person) => (await storage.deliveryMarkers(person)).toSorted(([a], [b]) => a - b)));
  const before: RoomMarkers[] = [
    [
      [1, 1],
      [2, 30],
    ],
    [[2, 41]],
    [],
  ];
  assert.deepEqual(await markers(), before);
  await storage.append([
    markerItem(7, [
      [2, 29],
      [1, 2],
    ]),
    markerItem(9, [[2, 1]]),
  ]);
  assert.deepEqual(await markers(), [
    [
      [1, 2],
      [2, 30],
    ],
    [[2, 41]],
    [[2, 1]],
  ]);
});

test('STORE-157 a damaged row of markers is left out, and thousands are read in parts', (context) => {
  const db = database(context);
  db.exec(databaseOf(8));
  db.exec(`UPDATE shown SET sum = sum + 1 WHERE person = 7`);
  const add = db.prepare('INSERT INTO shown VALUES (?, ?, ?)');
  const people = Array.from({ length: 2_500 }, (_, index) => 100 + index);
  for (const person of people) {
    const { body, sum } = encodeRow({ person, rooms: [[1, person]] }, person);
    add.run(person, body, sum);
  }
  migrate(db);
  const rows = db.prepare('SELECT person, room, number FROM shown ORDER BY person').all();
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [[8, 2, 41], ...people.map((person) => [person, 1, person])],
  );
});

/** Opens a database of a version, after checking that its migrations still make the same schema. */
async function openVersion(context: TestContext, version: number): Promise<SqliteStorage> {
  const directory = temporaryDirectory(context);
  const db = new DatabaseSync(join(directory, 'parlance.db'));
  db.exec(databaseOf(version));
  const schema = schemaOf(db);
  db.close();
  const made = migrated(context, MIGRATIONS.slice(0, version));
  assert.deepEqual(schemaOf(made), schema, 'a released migration was changed');
  const options = { directory, clock: new FakeClock(), ids: countingIds(), log: silentLog };
  const storage = await openSqliteStorage(options);
  context.after(() => storage.close());
  return storage;
}

function migrated(context: TestContext, migrations: typeof MIGRATIONS): DatabaseSync {
  const db = database(context);
  migrate(db, migrations);
  return db;
}

/** The SQL of a database's schema, without differences in white space. */
function schemaOf(db: DatabaseSync): string[] {
  const rows = db.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all();
  return rows.map((row) => text(row, 'sql').replace(/\s+/g, ' '));
}
