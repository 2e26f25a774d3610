import assert from 'node:assert/strict';
import {
  deleted,
  edited,
  inDirectory,
  inRoom,
  invitationMade,
  itemOf,
  message,
  ofPerson,
  posted,
  sorted,
} from '../../testing/storage/samples.ts';
import type { Entry } from '../core/model/entries.ts';
import { directoryStream, personStream, roomStream } from '../core/model/ids.ts';
import type { Member, MemberRole } from '../core/model/member.ts';
import type { Unit } from '../core/model/unit.ts';
import type { Storage } from '../core/ports.ts';
import { EMPTY } from './snapshot.ts';

const ROOM = 1;
const OTHER = 2 ** 53 - 1;

/**
 * Tests about rooms and the directory that every implementation of the port `Storage` must pass; each `rule` is one test on
 * a fresh store.
 */
export function roomsSuite(rule: (title: string, body: (storage: Storage) => Promise<void>) => void): void {
  rule('STORE-12 a page has the last messages below a number, in ascending order', async (storage) => {
    const entries = Array.from({ length: 10 }, (_, index) => posted(ROOM, index + 1));
    await storage.append([itemOf(entries), itemOf([posted(OTHER, 1)])]);
    const numbers = async (before: number | null, limit: number) =>
      (await storage.page(ROOM, before, limit)).messages.map(({ number }) => number);
    assert.deepEqual(await numbers(null, 3), [8, 9, 10]);
    assert.deepEqual(await numbers(8, 3), [5, 6, 7]);
    assert.deepEqual(await numbers(3, 3), [1, 2]);
    assert.deepEqual(await numbers(3, 2), [1, 2]);
    assert.deepEqual(await numbers(1, 3), []);
    assert.deepEqual(await numbers(11, 1), [10]);
    assert.deepEqual(await numbers(OTHER, 1), [10]);
    assert.deepEqual(await numbers(null, 0), []);
    assert.deepEqual(await numbers(null, 100), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.deepEqual(await storage.page(99, null, 5), { position: 0, messages: [] });
  });

  rule('STORE-12 a page shows messages in their current state, with the position of that state', async (storage) => {
    const original = message(ROOM, 1, 1, 'first words');
    await storage.append([itemOf([inRoom(ROOM, 1, { type: 'message-posted', message: original, at: 1 })])]);
    const change = edited(original, 2, 'second words');
    await storage.append([itemOf([change])]);
    assert(change.body.type === 'message-edited');
    assert.deepEqual(await storage.page(ROOM, null, 5), { position: 2, messages: [change.body.message] });
  });

  rule('STORE-13 entries are read after a position, up to a limit; unknown streams are empty', async (storage) => {
    const entries = Array.from({ length: 5 }, (_, index) => posted(ROOM, index + 1));
    await storage.append([itemOf(entries)]);
    const stream = roomStream(ROOM);
    assert.deepEqual(await storage.entries(stream, 0, 2), entries.slice(0, 2));
    assert.deepEqual(await storage.entries(stream, 3, 2), entries.slice(3));
    assert.deepEqual(await storage.entries(stream, 3, 100), entries.slice(3));
    assert.deepEqual(await storage.entries(stream, 5, 2), []);
    assert.deepEqual(await storage.entries(stream, 9, 2), []);
    assert.deepEqual(await storage.entries(stream, 0, 0), []);
    assert.deepEqual(await storage.entries('person/1', 0, 2), []);
    assert.deepEqual(await storage.positions(['person/1', stream, stream]), [0, 5, 5]);
    assert.deepEqual(await storage.positions([]), []);
  });

  rule('STORE-14 loading a room gives its row, its mutes, its members and its last number', async (storage) => {
    const mute = (room: number, skeleton: string) => ({ room, person: null, skeleton, until: 5 });
    const member = (room: number, person: number, role: MemberRole): Member => {
      return { room, person, name: `Person ${person}`, role, other: null, since: 0 };
    };
    const joined = (room: number, position: number, person: number) =>
      inRoom(room, position, { type: 'member-joined', member: member(room, person, 'member'), at: 1 });
    await storage.append([
      itemOf([
        inRoom(ROOM, 1, { type: 'room-created', room: ROOM, identity: 'x', name: 'Lobby', at: 1 }),
        inRoom(ROOM, 2, { type: 'message-posted', message: message(ROOM, 1, 2, 'words'), at: 1 }),
        inRoom(ROOM, 3, { type: 'person-muted', mute: mute(ROOM, 'a'), at: 1 }),
        inRoom(ROOM, 4, { type: 'person-muted', mute: mute(ROOM, '__proto__'), at: 1 }),
        inRoom(ROOM, 5, { type: 'person-muted', mute: { ...mute(ROOM, 'a'), until: null }, at: 1 }),
        inRoom(ROOM, 6, { type: 'person-unmuted', room: ROOM, skeleton: 'nobody', at: 1 }),
        joined(ROOM, 7, 3),
        joined(ROOM, 8, 4),
        inRoom(ROOM, 9, { type: 'member-changed', member: member(ROOM, 3, 'owner'), at: 1 }),
        inRoom(ROOM, 10, { type: 'member-left', room: ROOM, person: 5, at: 1 }),
      ]),
      itemOf([inRoom(OTHER, 1, { type: 'person-muted', mute: mute(OTHER, 'c'), at: 1 }), joined(OTHER, 2, 6)]),
      itemOf([banned(1, 'x')]),
    ]);
    assert.deepEqual(sorted(await storage.load(roomStream(ROOM))), {
      ...EMPTY,
      position: 10,
      lastNumber: 1,
      room: { id: ROOM, identity: 'x', name: 'Lobby' },
      mutes: [mute(ROOM, '__proto__'), { ...mute(ROOM, 'a'), until: null }],
      members: [member(ROOM, 3, 'owner'), member(ROOM, 4, 'member')],
    });
    await storage.append([
      itemOf([
        inRoom(ROOM, 11, { type: 'person-unmuted', room: ROOM, skeleton: 'a', at: 1 }),
        inRoom(ROOM, 12, { type: 'member-left', room: ROOM, person: 3, at: 1 }),
      ]),
    ]);
    const { mutes, members } = await storage.load(roomStream(ROOM));
    assert.deepEqual([mutes, members], [[mute(ROOM, '__proto__')], [member(ROOM, 4, 'member')]]);
  });

  rule('STORE-14 loading the directory gives bans, names and accounts; an unknown stream is empty', async (storage) => {
    for (const stream of ['directory', 'room/5', 'person/5'] as const)
      assert.deepEqual(await storage.load(stream), EMPTY);
    const name = { skeleton: 'lobby', name: 'Lobby', room: ROOM };
    const account = { person: 3, name: 'Ada', skeleton: '__proto__', displayName: 'Ada L.', role: 'user' } as const;
    const owner = { ...account, role: 'owner' } as const;
    const second = { ...account, person: OTHER, skeleton: 'second' };
    await storage.append([
      itemOf([
        banned(1, 'x'),
        inDirectory(2, { type: 'name-taken', name, at: 1 }),
        banned(3, '__proto__'),
        inDirectory(4, { type: 'ban-lifted', skeleton: 'x', at: 1 }),
        inDirectory(5, { type: 'account-created', account, at: 1 }),
        inDirectory(6, { type: 'account-created', account: second, at: 1 }),
        inDirectory(7, { type: 'account-changed', account: owner, at: 1 }),
      ]),
    ]);
    const ban = { skeleton: '__proto__', name: 'Somebody', reason: 'why', until: null };
    const all = { bans: [ban], names: [name], accounts: [owner, second] };
    assert.deepEqual(sorted(await storage.load(directoryStream)), { ...EMPTY, position: 7, ...all });
    for (const stream of ['room/3', 'person/3'] as const) assert.deepEqual(await storage.load(stream), EMPTY);
  });

  rule(
    'STORE-100 STORE-101 loading the directory gives the units and who is in them, as last written',
    async (storage) => {
      const sales: Unit = { id: 6, name: 'Sales', skeleton: '__proto__', parent: null };
      const north: Unit = { id: OTHER, name: 'North', skeleton: 'north', parent: 6 };
      const member = (position: number, unit: number, person: number, type: 'added' | 'removed' = 'added') =>
        inDirectory(position, { type: `unit-member-${type}`, unit, person, at: 1 });
      const home = { ...sales, home: true } as const;
      await storage.append([
        itemOf([
          inDirectory(1, { type: 'unit-created', unit: sales, at: 1 }),
          inDirectory(2, { type: 'unit-created', unit: north, at: 1 }),
          member(3, 6, 3),
          member(4, 6, 4),
          member(5, 6, 3),
          member(6, OTHER, 3),
          member(7, OTHER, OTHER),
          member(8, OTHER, 3, 'removed'),
          member(9, OTHER, 4, 'removed'),
          inDirectory(10, { type: 'unit-changed', unit: home, at: 1 }),
        ]),
      ]);
      const people = [
        { unit: 6, person: 3 },
        { unit: 6, person: 4 },
      ];
      const others = [{ unit: OTHER, person: OTHER }];
      const all = { ...EMPTY, position: 10, units: [north, home], unitMembers: [...people, ...others] };
      assert.deepEqual(sorted(await storage.load(directoryStream)), sorted(all));
      await storage.append([itemOf([inDirectory(11, { type: 'unit-removed', id: 6, at: 1 })])]);
      assert.deepEqual(await storage.load(directoryStream), {
        ...EMPTY,
        position: 11,
        units: [north],
        unitMembers: others,
      });
      await storage.append([itemOf([inDirectory(12, { type: 'unit-created', unit: sales, at: 1 })])]);
      assert.deepEqual((await storage.load(directoryStream)).unitMembers, others);
      for (const stream of [roomStream(6), personStream(3)]) assert.deepEqual(await storage.load(stream), EMPTY);
    },
  );

  rule('STORE-110 loading a room gives its withheld messages, by ascending number', async (storage) => {
    const withheld = (room: number, position: number, number: number) => {
      const hidden = { ...message(room, number, position, 'words'), withheld: true } as const;
      return inRoom(room, position, { type: 'message-posted', message: hidden, at: 1 });
    };
    const ninth = withheld(ROOM, 9, 9);
    assert(ninth.body.type === 'message-posted');
    const { author } = ninth.body.message;
    await storage.append([
      itemOf([1, 2, 3].map((number) => posted(ROOM, number))),
      itemOf([withheld(ROOM, 4, 4), posted(ROOM, 5), withheld(ROOM, 6, 6), posted(ROOM, 7), posted(ROOM, 8), ninth]),
      itemOf([withheld(ROOM, 10, 10), edited(ninth.body.message, 11, 'other words')]),
      itemOf([withheld(OTHER, 1, 1), posted(OTHER, 2)]),
    ]);
    const numbers = async (room: number) => {
      const { withheld: found } = await storage.load(roomStream(room));
      assert.ok(found.every((each) => each.author === author.id));
      return found.map(({ number }) => number);
    };
    assert.deepEqual([await numbers(ROOM), await numbers(OTHER), await numbers(99)], [[4, 6, 9, 10], [1], []]);
    await storage.append([itemOf([deleted(ninth.body.message, 12)])]);
    assert.deepEqual(await numbers(ROOM), [4, 6, 9, 10], 'also of those that were deleted');
  });

  rule('STORE-111 the two furthest read positions of a room are found, the furthest first', async (storage) => {
    const positions = new Map<number, number>();
    const read = async (person: number, room: number, number: number) => {
      const position = (positions.get(person) ?? 0) + 1;
      positions.set(person, position);
      const body = { type: 'room-read', person, room, number, at: 1 } as const;
      await storage.append([itemOf([ofPerson(person, position, body)])]);
      return storage.furthestReads(ROOM);
    };
    const at = (person: number, number: number) => ({ person, room: ROOM, number });
    assert.deepEqual(await storage.furthestReads(ROOM), []);
    assert.deepEqual(await read(3, ROOM, 9), [at(3, 9)]);
    assert.deepEqual(await read(4, ROOM, 100), [at(4, 100), at(3, 9)]);
    assert.deepEqual(await read(5, OTHER, 500), [at(4, 100), at(3, 9)]);
    assert.deepEqual(await read(5, ROOM, 20), [at(4, 100), at(5, 20)]);
    assert.deepEqual(await read(3, ROOM, 101), [at(3, 101), at(4, 100)], 'one position of each person');
    await read(4, ROOM, 101);
    assert.deepEqual(
      (await read(5, ROOM, 101)).map(({ number }) => number),
      [101, 101],
    );
    const erased = { type: 'person-erased', replaces: null, at: 1 } as const;
    for (const person of [3, 4])
      await storage.append([itemOf([ofPerson(person, (positions.get(person) ?? 0) + 1, { ...erased, person })])]);
    assert.deepEqual(await storage.furthestReads(ROOM), [at(5, 101)]);
  });

  rule('STORE-113 loading a room gives its bans, one for each banned person, as last written', async (storage) => {
    const ban = (room: number, person: number, until: number | null) => ({ room, person, reason: 'why', until });
    const set = (room: number, position: number, person: number, until: number | null) =>
      inRoom(room, position, { type: 'member-banned', ban: ban(room, person, until), at: 1 });
    await storage.append([
      itemOf([set(ROOM, 1, 3, 5), set(ROOM, 2, 4, 6), set(ROOM, 3, 3, null), set(ROOM, 4, OTHER, 7)]),
      itemOf([inRoom(ROOM, 5, { type: 'member-unbanned', room: ROOM, person: 4, at: 1 })]),
      itemOf([inRoom(ROOM, 6, { type: 'member-unbanned', room: ROOM, person: 9, at: 1 })]),
      itemOf([set(OTHER, 1, 4, 8)]),
    ]);
    const roomBans = [ban(ROOM, 3, null), ban(ROOM, OTHER, 7)];
    assert.deepEqual(sorted(await storage.load(roomStream(ROOM))), { ...EMPTY, position: 6, roomBans });
    assert.deepEqual((await storage.load(roomStream(OTHER))).roomBans, [ban(OTHER, 4, 8)]);
    assert.deepEqual((await storage.load(directoryStream)).bans, []);
  });

  rule(
    'STORE-160 an invitation is found by its digest and with its room, as last written, until it ends',
    async (storage) => {
      const one = { digest: 'one', room: ROOM, maker: 7, until: 9, usesLeft: 2 };
      const used = { ...one, usesLeft: 1 };
      const find = (...digests: string[]) => Promise.all(digests.map((digest) => storage.invitation(digest)));
      assert.deepEqual(await find('one'), [null]);
      await storage.append([
        itemOf([invitationMade(ROOM, 1, 'one'), invitationMade(ROOM, 2, '__proto__')]),
        itemOf([invitationMade(OTHER, 1, 'elsewhere')]),
        itemOf([inRoom(ROOM, 3, { type: 'invitation-used', invitation: used, at: 1 })]),
      ]);
      const second = { ...one, digest: '__proto__' };
      const elsewhere = { ...one, digest: 'elsewhere', room: OTHER };
      assert.deepEqual(await find('one', '__proto__', 'elsewhere'), [used, second, elsewhere]);
      assert.deepEqual(sorted(await storage.load(roomStream(ROOM))), {
        ...EMPTY,
        position: 3,
        invitations: [second, used],
      });
      await storage.append([
        itemOf([inRoom(ROOM, 4, { type: 'invitation-ended', room: ROOM, digest: 'one', at: 1 })]),
        itemOf([inRoom(ROOM, 5, { type: 'invitation-ended', room: ROOM, digest: 'unknown', at: 1 })]),
      ]);
      assert.deepEqual(await find('one', '__proto__', 'elsewhere'), [null, second, elsewhere]);
      assert.deepEqual((await storage.load(roomStream(ROOM))).invitations, [second]);
      assert.deepEqual((await storage.load(roomStream(OTHER))).invitations, [elsewhere]);
      assert.deepEqual((await storage.load(personStream(7))).memberships, []);
    },
  );

  rule('STORE-15 a message is found by its id, in its current state', async (storage) => {
    const original = message(OTHER, 1, 1, 'words');
    await storage.append([itemOf([inRoom(OTHER, 1, { type: 'message-posted', message: original, at: 1 })])]);
    assert.deepEqual(await storage.message(original.id), original);
    await storage.append([itemOf([deleted(original, 2)])]);
    assert.deepEqual(await storage.message(original.id), { ...original, text: '', deletedAt: 9 });
    assert.equal(await storage.message('another'), null);
  });
}

function banned(position: number, skeleton: string): Entry {
  const ban = { skeleton, name: 'Somebody', reason: 'why', until: null };
  return inDirectory(position, { type: 'ban-set', ban, at: 1 });
}
