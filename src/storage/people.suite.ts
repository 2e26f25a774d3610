import assert from 'node:assert/strict';
import {
  deleted,
  ofPerson,
  inRoom,
  itemOf,
  passwordSet,
  relationship,
  posted,
  markerItem,
  sorted,
  tokenIssued,
  resultTypes,
} from '../../testing/storage/samples.ts';
import type { Entry } from '../core/model/entries.ts';
import { type PersonId, personStream, roomStream } from '../core/model/ids.ts';
import type { Member } from '../core/model/member.ts';
import type { RoomMarkers } from '../core/model/rows.ts';
import type { AppendItem, Storage } from '../core/ports.ts';
import { EMPTY } from './snapshot.ts';

const ADA = 3;
const BOB = 2 ** 53 - 1;
const ROOM = 3;

/** Tests about people that every implementation of the port `Storage` must pass; each `rule` is one test on a fresh store. */
export function peopleSuite(rule: (title: string, body: (storage: Storage) => Promise<void>) => void): void {
  rule(
    'STORE-50 loading a person gives relationships, memberships, read positions, tokens and the password position',
    async (storage) => {
      await storage.append([
        joined(1, { room: ROOM, person: ADA, name: 'Ada', role: 'owner', other: null, since: 0 }, 1),
        joined(2, { room: ROOM, person: BOB, name: 'Bob', role: 'member', other: null, since: 4 }, 1),
        itemOf([
          relationship(ADA, 2, 'contact-added', BOB),
          relationship(ADA, 3, 'contact-added', 9),
          relationship(ADA, 4, 'contact-removed', 9),
          relationship(ADA, 5, 'block-added', 9),
          relationship(ADA, 6, 'block-added', 8),
          relationship(ADA, 7, 'block-added', 9),
          relationship(ADA, 8, 'block-removed', 8),
          relationship(ADA, 9, 'block-removed', BOB),
          read(ADA, 10, ROOM, 5),
          read(ADA, 11, 77, 6),
          read(ADA, 12, ROOM, 7),
          passwordSet(ADA, 13, 'first', null),
          passwordSet(ADA, 14, 'second', 13),
          tokenIssued(ADA, 15, 'one of ada', 7),
        ]),
        itemOf([
          relationship(BOB, 2, 'contact-added', ADA),
          relationship(BOB, 3, 'block-added', ADA),
          read(BOB, 4, ROOM, 1),
        ]),
      ]);
      assert.deepEqual(sorted(await storage.load(personStream(ADA))), {
        ...EMPTY,
        position: 15,
        contacts: [BOB],
        blocks: [9],
        memberships: [{ room: ROOM, person: ADA, name: 'Ada', role: 'owner', other: null, since: 0 }],
        read: [
          { person: ADA, room: ROOM, number: 7 },
          { person: ADA, room: 77, number: 6 },
        ],
        passwordPosition: 14,
        tokens: [{ digest: 'one of ada', person: ADA, issuedAt: 1, expires: 7 }],
      });
      assert.deepEqual(await storage.load(personStream(BOB)), {
        ...EMPTY,
        position: 4,
        contacts: [ADA],
        blocks: [ADA],
        memberships: [{ room: ROOM, person: BOB, name: 'Bob', role: 'member', other: null, since: 4 }],
        read: [{ person: BOB, room: ROOM, number: 1 }],
      });
    },
  );

  rule(
    'STORE-50 a membership is the same for its room and its person, also after it changes and ends',
    async (storage) => {
      const member: Member = { room: ROOM, person: ADA, name: 'Ada', role: 'member', other: BOB, since: 2 };
      const both = async () => [
        (await storage.load(personStream(ADA))).memberships,
        (await storage.load(roomStream(ROOM))).members,
      ];
      await storage.append([joined(1, member, 1), joined(1, { ...member, room: 8 }, 2)]);
      assert.deepEqual(
        (await both()).map((list) => sorted({ ...EMPTY, members: list }).members),
        [[member, { ...member, room: 8 }], [member]],
      );
      await storage.append([
        itemOf([inRoom(ROOM, 2, { type: 'member-changed', member: { ...member, role: 'owner' }, at: 1 })]),
      ]);
      const gone = (room: number, position: number, at: number): AppendItem =>
        itemOf([
          inRoom(room, position, { type: 'member-left', room, person: ADA, at: 1 }),
          ofPerson(ADA, at, { type: 'room-left', person: ADA, room, at: 1 }),
        ]);
      await storage.append([gone(8, 2, 3)]);
      assert.deepEqual(await both(), [[{ ...member, role: 'owner' }], [{ ...member, role: 'owner' }]]);
      await storage.append([gone(ROOM, 3, 4)]);
      assert.deepEqual(await both(), [[], []]);
      assert.deepEqual(await storage.positions([personStream(ADA), roomStream(ROOM), roomStream(8)]), [4, 3, 2]);
    },
  );

  rule('STORE-58 a stream without entries only has to be at its expected position', async (storage) => {
    const withStream = (position: number, expected: number): AppendItem => {
      const item = itemOf([posted(ROOM, position)]);
      return { ...item, writes: [...item.writes, { stream: personStream(ADA), expected, entries: [] }] };
    };
    assert.deepEqual(resultTypes(await storage.append([withStream(1, 0), withStream(2, 0)])), [
      'committed',
      'committed',
    ]);
    assert.deepEqual(await storage.positions([personStream(ADA), roomStream(ROOM)]), [0, 2]);
    const first = tokenIssued(ADA, 1, 'one');
    const results = await storage.append([itemOf([first]), withStream(3, 0), withStream(3, 1)]);
    assert.deepEqual(results, [
      { type: 'committed' },
      { type: 'conflict', newer: [first] },
      { type: 'conflict', newer: [] },
    ]);
    assert.deepEqual(resultTypes(await storage.append([withStream(3, 1)])), ['committed']);
    assert.deepEqual(await storage.positions([personStream(ADA), roomStream(ROOM)]), [1, 3]);
  });

  rule(
    'STORE-54 rows without entries are committed in the order of their batch, also after a refused item',
    async (storage) => {
      const results = await storage.append([
        markerItem(ADA, [[ROOM, 1]]),
        itemOf([posted(ROOM, 1)]),
        itemOf([posted(ROOM, 5, 'ahead')]),
        markerItem(ADA, [
          [ROOM, 2],
          [BOB, 9],
        ]),
        markerItem(BOB, [[ROOM, 3]]),
        markerItem(BOB, [[ROOM, 4]]),
      ]);
      assert.deepEqual(
        results.map(({ type }) => type),
        ['committed', 'committed', 'conflict', 'committed', 'committed', 'committed'],
      );
      assert.deepEqual(
        await markers(storage, ADA),
        sortedMarkers([
          [ROOM, 2],
          [BOB, 9],
        ]),
      );
      assert.deepEqual(await markers(storage, BOB), [[ROOM, 4]]);
      assert.deepEqual(await storage.positions([personStream(ADA), personStream(BOB), roomStream(ROOM)]), [0, 0, 1]);
    },
  );

  rule('STORE-54 a batch may consist of rows without entries', async (storage) => {
    assert.deepEqual(await storage.append([markerItem(ADA, [[ROOM, 1]])]), [{ type: 'committed' }]);
    assert.deepEqual(await storage.deliveryMarkers(ADA), [[ROOM, 1]]);
  });

  rule('STORE-90 the people who keep a person as a contact or a block are found, each once', async (storage) => {
    await storage.append([
      itemOf([relationship(ADA, 1, 'contact-added', BOB), relationship(ADA, 2, 'block-added', BOB)]),
      itemOf([relationship(BOB, 1, 'block-added', ADA), relationship(BOB, 2, 'contact-added', 9)]),
      itemOf([relationship(8, 1, 'contact-added', BOB), relationship(8, 2, 'contact-added', ADA)]),
      itemOf([relationship(9, 1, 'contact-added', BOB), relationship(9, 2, 'contact-removed', BOB)]),
    ]);
    const related = async (person: PersonId) => [...(await storage.relatedTo(person))].toSorted((a, b) => a - b);
    assert.deepEqual([await related(BOB), await related(ADA), await related(77)], [[ADA, 8], [8, BOB], []]);
  });

  rule('STORE-91 the messages of an author are found in parts, whatever happens meanwhile', async (storage) => {
    const by = (author: PersonId, room: number, number: number): Entry => {
      const entry = posted(room, number);
      if (entry.body.type !== 'message-posted') throw new Error('no message');
      return inRoom(room, number, {
        ...entry.body,
        message: { ...entry.body.message, author: { id: author, name: 'x' } },
      });
    };
    for (let number = 1; number <= 10; number++)
      await storage.append([itemOf([by(number % 2 === 0 ? ADA : BOB, ROOM, number)]), itemOf([by(BOB, 8, number)])]);
    const found: string[][] = [];
    for (let after: number | null = 0; after !== null; ) {
      const part: Awaited<ReturnType<Storage['messagesBy']>> = await storage.messagesBy(ADA, after, 6);
      found.push([...part.ids]);
      after = part.next;
      if (found.length > 1) continue;
      const first = by(ADA, ROOM, 2).body;
      if (first.type !== 'message-posted') return;
      await storage.append([itemOf([deleted(first.message, 11)]), itemOf([by(ADA, 8, 11)])]);
    }
    const names = (...numbers: number[]) => numbers.map((number) => `${ROOM}-${number}`);
    assert.deepEqual(found, [names(2), names(4, 6), names(8), [...names(10), '8-11']]);
    assert.deepEqual(await storage.messagesBy(77, 0, 1_000), { ids: [], next: null });
    assert.deepEqual(await storage.messagesBy(ADA, 1_000, 1_000), { ids: [], next: null });
  });

  rule(
    'STORE-92 erasing a person drops what the person keeps and the verifier, and nothing of others',
    async (storage) => {
      const all = (person: PersonId, other: PersonId) => [
        relationship(person, 1, 'contact-added', other),
        relationship(person, 2, 'block-added', other),
        read(person, 3, ROOM, 5),
        passwordSet(person, 4, `verifier of ${person}`, null),
        tokenIssued(person, 5, `digest of ${person}`),
      ];
      await storage.append([
        itemOf(all(ADA, BOB)),
        itemOf(all(BOB, ADA)),
        markerItem(ADA, [[1, 2]]),
        markerItem(BOB, [[1, 2]]),
      ]);
      const before = await storage.load(personStream(BOB));
      await storage.append([itemOf([ofPerson(ADA, 6, { type: 'person-erased', person: ADA, replaces: 4, at: 1 })])]);
      assert.deepEqual(await storage.load(personStream(ADA)), { ...EMPTY, position: 6 });
      assert.deepEqual([await storage.credential(ADA), await storage.token(`digest of ${ADA}`)], [null, null]);
      assert.deepEqual(await storage.deliveryMarkers(ADA), []);
      assert.ok(!JSON.stringify(await storage.entries(personStream(ADA), 0, 10)).includes('verifier of'));
      assert.deepEqual(await storage.load(personStream(BOB)), before);
      assert.deepEqual(await storage.deliveryMarkers(BOB), [[1, 2]]);
      assert.equal((await storage.credential(BOB))?.verifier, `verifier of ${BOB}`);
    },
  );

  rule(
    'STORE-55 a person has a delivery marker for each room that one was written for, and none at first',
    async (storage) => {
      assert.deepEqual(await markers(storage, ADA), []);
      await storage.append([markerItem(ADA, [[9, 1]])]);
      await storage.append([markerItem(ADA, [[8, 4]]), itemOf([read(ADA, 1, ROOM, 9)])]);
      assert.deepEqual(await markers(storage, ADA), [
        [8, 4],
        [9, 1],
      ]);
      assert.deepEqual(await markers(storage, BOB), []);
      assert.deepEqual(await storage.load(personStream(ADA)), {
        ...EMPTY,
        position: 1,
        read: [{ person: ADA, room: ROOM, number: 9 }],
      });
    },
  );

  rule('STORE-156 a delivery marker only rises, in whatever order nodes write it', async (storage) => {
    await storage.append([markerItem(ADA, [[ROOM, 200]])]);
    const late = [
      markerItem(ADA, [
        [ROOM, 150],
        [8, 10],
      ]),
      markerItem(ADA, [[8, 9]]),
      markerItem(BOB, [[ROOM, 150]]),
      itemOf([posted(ROOM, 1)]),
    ];
    assert.deepEqual(new Set(resultTypes(await storage.append(late))), new Set(['committed']));
    assert.deepEqual(
      await markers(storage, ADA),
      sortedMarkers([
        [ROOM, 200],
        [8, 10],
      ]),
    );
    assert.deepEqual(await markers(storage, BOB), [[ROOM, 150]]);
    await storage.append([markerItem(ADA, [[ROOM, 201]]), markerItem(ADA, [[ROOM, 199]])]);
    assert.deepEqual(
      await markers(storage, ADA),
      sortedMarkers([
        [ROOM, 201],
        [8, 10],
      ]),
    );
  });
}

async function markers(storage: Storage, person: PersonId): Promise<RoomMarkers> {
  return sortedMarkers(await storage.deliveryMarkers(person));
}

function sortedMarkers(markers: RoomMarkers): RoomMarkers {
  return markers.toSorted(([a], [b]) => a - b);
}

/** The item that makes a person a member, at the position `at` of the room's stream and `own` of the person's. */
function joined(at: number, member: Member, own: number): AppendItem {
  const { person, room, other, since } = member;
  return itemOf([
    inRoom(room, at, { type: 'member-joined', member, at: 1 }),
    ofPerson(person, own, { type: 'room-joined', membership: { person, room, other, since }, at: 1 }),
  ]);
}

function read(person: number, position: number, room: number, number: number): Entry {
  return ofPerson(person, position, { type: 'room-read', person, room, number, at: 1 });
}
