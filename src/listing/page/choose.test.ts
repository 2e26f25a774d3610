import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownServer } from '../../../testing/shown-servers.ts';
import { choose } from './choose.ts';
import { KnownNames } from './known-names.ts';
import type { PageQuery } from './query.ts';
import type { ShownServer } from './shown-server.ts';

const chosen = (servers: readonly ShownServer[], query: Partial<PageQuery>) =>
  choose(servers, { q: '', sort: 'users', page: 1, ...query }, new KnownNames());
const ids = (servers: readonly ShownServer[], query: Partial<PageQuery>) =>
  chosen(servers, query).servers.map(({ id }) => id);
const named = (...names: readonly string[]) => names.map((serverName, id) => shownServer({ id, serverName }));
const found = (names: readonly string[], q: string) =>
  chosen(named(...names), { q }).servers.map(({ serverName }) => serverName);

test('LIST-81 a search ignores case, accents and differences of form', () => {
  for (const [name, q] of [
    ['Café Zürich', 'CAFE ZU'],
    ['cafe zurich', 'é Z'],
    ['Cafe\u0301', 'café'],
    ['ＦＵＬＬ ｗｉｄｔｈ', 'full width'],
    ['Łódź', 'lodz'],
    ['Straße', 'STRASSE'],
    ['ΑΘΉΝΑΣ', 'αθηνας'],
    ['МОСКВА', 'москв'],
    ['مُحَمَّد', 'محمد'],
    ['ห้องแชท', 'แชท'],
    ['東京チャット', 'チャ'],
    ['🦊 den', '🦊'],
    ['İstanbul', 'istanbul'],
  ] as const) {
    assert.deepEqual(found(['something else', name], q), [name], `${q} in ${name}`);
  }
});

test('LIST-81 a search finds addresses too, and nothing that has its text in neither', () => {
  const servers = [
    shownServer({ id: 1, serverName: 'one', address: '[2001:db8::1]:5000' }),
    shownServer({ id: 2, serverName: 'two', address: 'Chat.Example.org:443' }),
    shownServer({ id: 3, serverName: '.*', address: '192.0.2.1:5000' }),
  ];
  assert.deepEqual(ids(servers, { q: 'DB8::1' }), [1]);
  assert.deepEqual(ids(servers, { q: 'chat.example' }), [2]);
  assert.deepEqual(ids(servers, { q: ':5000' }), [3, 1]);
  assert.deepEqual(ids(servers, { q: '.*' }), [3]);
  assert.deepEqual(ids(servers, { q: 'one two' }), []);
  assert.deepEqual(found(['กิน', 'กน'], 'กิน'), ['กิน'], 'a vowel is no accent');
});

test('LIST-82 names are in the order of Unicode, and the same names in the order of ids', () => {
  const servers = named('zebra', 'Émile', 'emma', '中文', 'Zoo', 'apple', 'Ähre', 'emile', 'apple', '10', 'яблоко');
  const names = chosen(servers, { sort: 'name' }).servers.map(({ serverName }) => serverName);
  assert.deepEqual(names, ['10', 'Ähre', 'apple', 'apple', 'emile', 'Émile', 'emma', 'zebra', 'Zoo', 'яблоко', '中文']);
  assert.deepEqual(ids(servers.toReversed(), { sort: 'name' }).slice(2, 4), [5, 8]);
});

test('LIST-82 users: the most first; ping: the shortest first; uptime: the longest first; then by name', () => {
  const servers = [
    shownServer({ id: 1, serverName: 'b', connectedUsers: 5, pingMs: 100, upSince: 300 }),
    shownServer({ id: 2, serverName: 'c', connectedUsers: 50, pingMs: 9, upSince: 200 }),
    shownServer({ id: 3, serverName: 'a', connectedUsers: 5, pingMs: 100, upSince: 300 }),
    shownServer({ id: 4, serverName: 'd', connectedUsers: 0, pingMs: 20, upSince: 1_000 }),
  ];
  assert.deepEqual(ids(servers, { sort: 'users' }), [2, 3, 1, 4]);
  assert.deepEqual(ids(servers, { sort: 'ping' }), [2, 4, 3, 1]);
  assert.deepEqual(ids(servers, { sort: 'uptime' }), [2, 3, 1, 4]);
});

test('LIST-80 LIST-83 a page has 100 servers, and after the last page there is the last one', () => {
  const servers = Array.from({ length: 250 }, (_, id) => shownServer({ id, connectedUsers: 1_000 - id }));
  const spans = [1, 2, 3, 4, 900_000].map((page) => {
    const choice = chosen(servers, { page });
    return [choice.page, choice.pages, choice.found, choice.servers.at(0)?.id, choice.servers.at(-1)?.id];
  });
  const last = [3, 3, 250, 200, 249];
  assert.deepEqual(spans, [[1, 3, 250, 0, 99], [2, 3, 250, 100, 199], last, last, last]);
  assert.equal(chosen(servers.slice(0, 100), {}).pages, 1);
  assert.equal(chosen(servers.slice(0, 101), {}).pages, 2);
  assert.deepEqual(chosen([], { page: 2 }), { servers: [], found: 0, page: 1, pages: 1 });
});

test('LIST-81 LIST-82 the list that the page is made of stays as it is', () => {
  const servers = Object.freeze(named('b', 'a'));
  for (const sort of ['name', 'users'] as const) chosen(servers, { sort });
  assert.deepEqual(ids(servers, { sort: 'name' }), [1, 0]);
});
