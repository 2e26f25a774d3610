import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  deleted,
  edited,
  inDirectory,
  inRoom,
  itemOf,
  message,
  posted,
  searchFor,
} from '../../testing/storage/samples.ts';
import type { Account } from '../core/model/account.ts';
import type { Entry } from '../core/model/entries.ts';
import type { Message } from '../core/model/message.ts';
import type { RoomRow } from '../core/model/room.ts';
import type { Found, Search, Storage } from '../core/ports.ts';
import { parseQuery } from '../lib/search/query.ts';

const ROOM = 1;
const OTHER = 2 ** 53 - 1;

/**
 * Tests about searching that every implementation of the port `Storage` must pass; each `rule` is one test on a fresh store.
 */
export function searchSuite(rule: (title: string, body: (storage: Storage) => Promise<void>) => void): void {
  const find = async (storage: Storage, search: Search): Promise<Found> =>
    (await storage.search(search)) ?? assert.fail('the store is too busy');
  const numbers = async (storage: Storage, text: string, more: Partial<Search> = { rooms: [ROOM] }) =>
    (await find(storage, searchFor(text, more))).messages.map(({ room, number }) => (room === ROOM ? number : -number));
  const names = async (storage: Storage, text: string, more: Partial<Search> = {}) => {
    const { accounts, rooms } = await find(storage, searchFor(text, { kinds: ['account', 'room'], ...more }));
    return [...accounts, ...rooms].map(({ name }) => name);
  };

  rule(
    'STORE-120 messages are found in the given rooms alone, newest first, below a message, up to a limit',
    async (storage) => {
      const entries = Array.from({ length: 8 }, (_, index) =>
        posted(ROOM, index + 1, `word ${index % 2 === 0 ? 'even' : 'odd'}`),
      );
      await storage.append(entries.slice(0, 4).map((entry) => itemOf([entry])));
      await storage.append([
        itemOf([posted(OTHER, 1, 'another word'), posted(OTHER, 2, 'nothing')]),
        itemOf([posted(3, 1, 'word')]),
      ]);
      await storage.append([itemOf(entries.slice(4))]);
      assert.deepEqual(await numbers(storage, 'word'), [8, 7, 6, 5, 4, 3, 2, 1]);
      assert.deepEqual(await numbers(storage, 'even wor', { rooms: [ROOM], reader: 9 }), [7, 5, 3, 1]);
      const both = { rooms: [OTHER, 99, ROOM] };
      assert.deepEqual(await numbers(storage, 'word', { ...both, limit: 5 }), [8, 7, 6, 5, -1]);
      const before = (room: number, number: number) => ({ ...both, before: { room, number } });
      assert.deepEqual(await numbers(storage, 'word', { ...before(ROOM, 5), limit: 3 }), [-1, 4, 3]);
      assert.deepEqual(await numbers(storage, 'word', before(OTHER, 1)), [4, 3, 2, 1]);
      assert.deepEqual(await numbers(storage, 'word', before(ROOM, 1)), []);
      assert.deepEqual(await numbers(storage, 'word', before(ROOM, 9)), []);
      assert.deepEqual(await numbers(storage, 'word', { rooms: [] }), []);
      assert.deepEqual(await numbers(storage, 'word', { rooms: [99] }), []);
      assert.deepEqual(await numbers(storage, 'missing'), []);
      const [newest] = (await find(storage, searchFor('odd', { rooms: [ROOM] }))).messages;
      assert.deepEqual(newest, await storage.message(`${ROOM}-8`));
    },
  );

  rule(
    'STORE-126 messages of one author are found, by words or all of them, in the rooms of the reader',
    async (storage) => {
      const [ada, bob] = [
        { id: 7, name: 'Ada' },
        { id: OTHER, name: 'Bob' },
      ] as const;
      const said = (number: number, author: typeof ada | typeof bob, text: string, more: Partial<Message> = {}) => {
        const one = { ...message(ROOM, number, number, text), author, ...more };
        return inRoom(ROOM, number, { type: 'message-posted', message: one, at: 1 });
      };
      const last = { ...message(ROOM, 6, 6, 'word of bob'), author: bob };
      await storage.append([
        itemOf([
          said(1, ada, 'word of ada'),
          said(2, bob, 'word of bob'),
          said(3, bob, 'something else, 7'),
          said(4, bob, 'word withheld', { withheld: true }),
          said(5, ada, 'bob is a word'),
          inRoom(ROOM, 6, { type: 'message-posted', message: last, at: 1 }),
          deleted(last, 7),
        ]),
        itemOf([posted(OTHER, 1, 'word of ada elsewhere')]),
      ]);
      const by = (author: number, text: string | null, more: Partial<Search> = {}) =>
        numbers(storage, text ?? 'word', { rooms: [ROOM], author, ...(text === null && { query: [] }), ...more });
      assert.deepEqual(await by(7, 'word'), [5, 1]);
      assert.deepEqual(await by(7, null), [5, 1]);
      assert.deepEqual(await by(7, null, { rooms: [ROOM, OTHER] }), [-1, 5, 1]);
      assert.deepEqual(await by(OTHER, 'wor'), [2]);
      assert.deepEqual(await by(OTHER, null), [3, 2]);
      assert.deepEqual(await by(OTHER, null, { reader: OTHER }), [4, 3, 2]);
      assert.deepEqual(await by(OTHER, null, { limit: 1 }), [3]);
      assert.deepEqual(await by(OTHER, null, { before: { room: ROOM, number: 3 } }), [2]);
      assert.deepEqual(await by(OTHER, 'ada'), []);
      for (const unknown of [1, 70, 12_345]) assert.deepEqual(await by(unknown, null), []);
      assert.deepEqual(await by(7, null, { rooms: [] }), []);
    },
  );

  rule('STORE-120 a search has only the kinds that are asked for', async (storage) => {
    await storage.append([itemOf([posted(ROOM, 1, 'ada')]), itemOf([account({ name: 'Ada' }, 1)])]);
    const { accounts, rooms, messages } = await find(storage, searchFor('ada', { rooms: [ROOM] }));
    assert.deepEqual([accounts.length, rooms.length, messages.length], [0, 0, 1]);
    const people = await find(storage, searchFor('ada', { rooms: [ROOM], kinds: ['account'] }));
    assert.deepEqual([people.accounts.length, people.messages.length], [1, 0]);
  });

  rule('STORE-120 no deleted message is found, nor one that is withheld from the reader', async (storage) => {
    const own = { ...message(ROOM, 2, 2, 'word of my own'), withheld: true } as const;
    const ofOther = {
      ...message(ROOM, 3, 3, 'word of another'),
      withheld: true,
      author: { id: 8, name: 'Bob' },
    } as const;
    const entry = (posted: Message) =>
      inRoom(ROOM, posted.position, { type: 'message-posted', message: posted, at: 1 });
    const first = message(ROOM, 1, 1, 'word one');
    await storage.append([itemOf([entry(first), entry(own), entry(ofOther), deleted(first, 4)])]);
    assert.deepEqual(await numbers(storage, 'word'), [2]);
    assert.deepEqual(await numbers(storage, 'word', { rooms: [ROOM], reader: 8 }), [3]);
    assert.deepEqual(await numbers(storage, 'word', { rooms: [ROOM], reader: 9 }), []);
    assert.deepEqual(await numbers(storage, 'word', { rooms: [OTHER] }), []);
  });

  rule('STORE-121 a search sees what was committed before it, edits and deletions too', async (storage) => {
    for (let number = 1; number <= 20; number++) {
      await storage.append([itemOf([posted(ROOM, number, `early${number}`)])]);
      assert.deepEqual(await numbers(storage, `early${number}`), [number]);
    }
    const before = message(ROOM, 7, 7, 'early7');
    const change = edited(before, 21, 'later');
    await storage.append([itemOf([change])]);
    assert.deepEqual([await numbers(storage, 'early7'), await numbers(storage, 'later')], [[], [7]]);
    assert(change.body.type === 'message-edited');
    await storage.append([itemOf([deleted(change.body.message, 22)])]);
    assert.deepEqual([await numbers(storage, 'early7'), await numbers(storage, 'later')], [[], []]);
    assert.deepEqual(await numbers(storage, 'early1'), [19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 1]);
  });

  rule('STORE-120 texts of any script are found by a few letters', async (storage) => {
    const texts = [
      '今天我们去北京开会',
      'พรุ่งนี้เจอกันที่สถานี',
      '중학교에서 만나요',
      'Встречаемся у ёлки',
      'यह मुख्य बात है',
      'هذه المدرسة',
      'Grüße aus Łódź',
      'see https://example.com/path',
    ];
    await storage.append([itemOf(texts.map((text, index) => posted(ROOM, index + 1, text)))]);
    const found = [
      ['北京', 1],
      ['京', 1],
      ['会', 1],
      ['กัน', 2],
      ['นี', 2],
      ['학교', 3],
      ['елк', 4],
      ['मुख', 5],
      ['المدرسه', 6],
      ['lodz grusse', 7],
      ['example.com/pa', 8],
      ['"see https" exam', 8],
    ] as const;
    for (const [text, number] of found) assert.deepEqual(await numbers(storage, text), [number], text);
    for (const text of ['京北', '开京', 'สท', '교중', 'com.example', 'example.co.path', '"example co"'])
      assert.deepEqual(await numbers(storage, text), [], text);
  });

  rule(
    'STORE-122 accounts are found by their names of any kind, in any order; deleted ones are not',
    async (storage) => {
      const ada = { name: 'adaL', displayName: 'Countess', firstName: 'Ada', lastName: 'Lovelace' };
      await storage.append([
        itemOf([
          account(ada, 1),
          account({ name: 'Bob', displayName: 'Ada\u0301lbert' }, 2),
          account({ name: 'carol' }, 3),
        ]),
      ]);
      assert.deepEqual(await names(storage, 'love'), ['adaL']);
      assert.deepEqual(await names(storage, 'countess ada'), ['adaL']);
      assert.deepEqual(await names(storage, 'adalb'), ['Bob']);
      assert.deepEqual(await names(storage, '"ada lovelace"'), [], 'no phrase reaches from one name into the next');
      assert.deepEqual(await names(storage, 'ovelace'), []);
      await storage.append([
        itemOf([
          inDirectory(4, {
            type: 'account-changed',
            account: accountOf({ name: 'Bob', displayName: 'Robert' }),
            at: 1,
          }),
          inDirectory(5, {
            type: 'account-deleted',
            account: { ...accountOf({ name: 'carol' }), deletedAt: 1 },
            at: 1,
          }),
        ]),
      ]);
      assert.deepEqual(await names(storage, 'adalb'), []);
      assert.deepEqual(await names(storage, 'robert'), ['Bob']);
      assert.deepEqual(await names(storage, 'carol'), []);
    },
  );

  rule('STORE-123 rooms are found by both names: open ones, and the given ones, but no directs', async (storage) => {
    const hall = room(ROOM, 1, { name: 'hall', displayName: 'The great room' });
    const cellar = room(2, 1, { name: 'cellar', displayName: 'A small room', closed: true });
    const people = [
      { id: 7, name: 'room' },
      { id: 8, name: 'Bob' },
    ] as const;
    await storage.append([itemOf([hall]), itemOf([cellar]), itemOf([room(OTHER, 1, { name: '', people })])]);
    assert.deepEqual(await names(storage, 'room'), ['hall']);
    assert.deepEqual(await names(storage, 'room', { rooms: [2, OTHER] }), ['cellar', 'hall']);
    assert.deepEqual(await names(storage, 'cell'), []);
    assert.deepEqual(await names(storage, 'cell', { rooms: [2] }), ['cellar']);
    assert.deepEqual(await names(storage, 'hall great'), ['hall']);
    const row: RoomRow = { id: 2, identity: 'x', name: 'cellar', displayName: 'Vault', closed: true, renamedAt: 2 };
    await storage.append([itemOf([inRoom(2, 2, { type: 'room-renamed', row, at: 1 })])]);
    assert.deepEqual(await names(storage, 'small', { rooms: [2] }), []);
    const { rooms } = await find(storage, searchFor('vault', { kinds: ['room'], rooms: [2] }));
    assert.deepEqual(rooms, [row]);
  });

  rule(
    'STORE-124 of accounts and rooms those come first whose found name is shortest, then by that name',
    async (storage) => {
      const people = ['annabel', 'Ann', 'anne', 'Joanna', 'Anna'].map((name, index) => account({ name }, index + 1));
      const zed = account({ name: 'zed', displayName: 'Ann' }, 6);
      await storage.append([itemOf([...people, zed])]);
      assert.deepEqual(await names(storage, 'ann'), ['Ann', 'zed', 'Anna', 'anne', 'annabel']);
      assert.deepEqual(await names(storage, 'ann', { limit: 2 }), ['Ann', 'zed']);
      const rooms = ['ann-hall', 'ann'].map((name, index) => itemOf([room(index + 1, 1, { name })]));
      await storage.append(rooms);
      assert.deepEqual(await names(storage, 'ann', { kinds: ['room'] }), ['ann', 'ann-hall']);
    },
  );

  rule('STORE-125 whatever a person types is data, and finds the message that was copied', async (storage) => {
    const syntax = [
      '"',
      '*',
      '^',
      'NEAR(a b)',
      'a AND b',
      'OR',
      'NOT x',
      '-a',
      'terms:a',
      '{a}',
      "'; DROP TABLE message; --",
      'a"b',
      '\u{E002}1',
      'a\u0000b',
    ];
    const texts = [
      ...syntax,
      ...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { seed: 125, numRuns: 150 }),
    ].filter((text) => text.isWellFormed());
    await storage.append([itemOf(texts.map((text, index) => posted(ROOM, index + 1, text)))]);
    for (const [index, text] of texts.entries()) {
      const query = parseQuery(text);
      if (!query.ok) continue;
      const search = {
        query: query.value,
        kinds: ['message', 'room', 'account'],
        reader: 7,
        rooms: [ROOM],
        author: null,
        before: null,
        limit: 200,
      } as const;
      const found = (await find(storage, search)).messages.map(({ number }) => number);
      assert.ok(found.includes(index + 1), JSON.stringify(text));
    }
  });

  rule('STORE-120 a person who is in many rooms searches all of them for many words', async (storage) => {
    const rooms = Array.from({ length: 1_101 }, (_, index) => index + 1);
    const text = 'a b c d e f g h i j k l m n o p';
    await storage.append([itemOf([posted(1_101, 1, text)]), itemOf([posted(2_000, 1, text)])]);
    const { messages } = await find(storage, searchFor(text, { rooms }));
    assert.deepEqual(
      messages.map(({ room }) => room),
      [1_101],
    );
  });
}

/** An account whose id follows from its name. */
function accountOf(more: Partial<Account> & { readonly name: string }): Account {
  const person = [...more.name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  return { person, skeleton: more.name, displayName: more.name, role: 'user', ...more };
}

function account(more: Parameters<typeof accountOf>[0], position: number): Entry {
  return inDirectory(position, { type: 'account-created', account: accountOf(more), at: 1 });
}

function room(id: number, position: number, more: Omit<RoomRow, 'id' | 'identity'>): Entry {
  return inRoom(id, position, { type: 'room-created', room: id, identity: 'x', ...more, at: 1 });
}
