import { randomUUID } from 'node:crypto';
import { upSchemas } from '../../../src/protocols/documents/schema.ts';
import type { Fixture, Hidden } from '../fixture.ts';
import { fieldsOf, type ProtocolRequests } from '../protocol-requests.ts';

type Frame = { readonly cls?: unknown; readonly status?: number };
type Id = number | readonly number[];
type Key = { readonly type: string; readonly id?: Id };
type Request = readonly [cls: string, data?: object];

const keyOf = (type: string, id: Id): Key => ({ type, id });
const add = (key: Key, obj: object): Request => ['add_child', { key, obj }];
const remove = (key: Key, child: Key): Request => ['remove_child', { key, obj: { key: child } }];
const replace = (key: Key, field: string, value: unknown): Request => [
  'patch_content',
  { key, ver: null, patch: { op: 'replace', path: `/${field}`, value } },
];
const say = (room: Key): Request => add(room, { key: { type: 'msg' }, text: 'hello' });

/** All that Ann reads: lists of hers, rooms, messages, members, people, and the directory. */
function reads({ ids, places }: Fixture): readonly Request[] {
  const { ann, fay, ghost, closed, direct, open, lobby } = ids;
  const rooms = [closed, direct, open, lobby];
  const keys = [
    ...['fav', 'blocked', 'rooms', 'conversations', 'user'].map((type) => keyOf(type, ann)),
    ...[fay, ghost].map((id) => keyOf('user', id)),
    ...rooms.flatMap((id) => [keyOf('room', id), keyOf('members', id), keyOf('member', [id, fay])]),
    ...places.map((place) => keyOf('msg', place)),
    keyOf('index', 1),
    keyOf('unit', 1),
  ];
  return keys.flatMap((key): Request[] => [
    ['get_content', { key, ver: null, subscribe: true }],
    ['get_children', { key, ver: ['unknown', 1] }],
    ['get_children', { key, ver: null, view: 'desc', page: 2, size: 1, subscribe: true }],
    ['patch_content', { key, ver: null, patch: [] }],
    ['patch_content', { key, ver: ['unknown', 1], patch: { op: 'test', path: '/name', value: 'x' } }],
  ]);
}

/** All that Ann looks for: hidden things by their names, and texts that only she and Fay may read. */
function searches({ ids, places, closed, ghost }: Fixture): readonly Request[] {
  const rooms = [ids.closed, ids.direct, ids.open, ids.lobby];
  return [
    ...['canary', '"canary-direct-text"', 'with', closed.real, ghost.real].map((text): Request => ['search', { text }]),
    ...rooms.map(
      (id): Request => ['search', { text: 'canary', room: keyOf('room', id), types: ['user', 'msg'], size: 1 }],
    ),
    ...[ids.ann, ids.fay, ids.ghost].map((id): Request => ['search', { sender: keyOf('user', id) }]),
    ['search', { text: 'canary', sender: keyOf('user', ids.ghost), room: keyOf('room', ids.closed) }],
    ...places.map((place): Request => ['search', { text: 'canary', before: keyOf('msg', place) }]),
    ...places.map(
      ([room, number]): Request => [
        'search',
        { text: 'canary', room: keyOf('room', room), before: keyOf('msg', [room, number]) },
      ],
    ),
  ];
}

/** All that Ann changes. What is removed comes last. */
function writes({ ids, places }: Fixture): readonly Request[] {
  const { ann, fay, ghost, closed, direct, open, lobby } = ids;
  const [own, rooms] = [keyOf('user', ann), keyOf('rooms', ann)];
  const people = [fay, ghost].map((id) => keyOf('user', id));
  const groups = [closed, open].map((id) => keyOf('room', id));
  const lists = [keyOf('fav', ann), keyOf('blocked', ann)];
  const ofMembers = keyOf('members', closed);
  return [
    replace(own, 'status', 'here'),
    replace(own, 'first_name', 'Anna'),
    ...people.map((person) => replace(person, 'status', 'there')),
    ...groups.map((room) => replace(room, 'name', 'Attic')),
    ...[closed, direct, open, lobby].map((id) => say(keyOf('room', id))),
    ...places.flatMap(([room, number]): Request[] => [
      replace(keyOf('msg', [room, number]), 'text', 'changed'),
      replace(keyOf('msg', [room, number]), 'read', true),
      add(keyOf('room', room), { key: { type: 'msg' }, text: 'an answer', reply_to: keyOf('msg', [room, number]) }),
    ]),
    ...lists.flatMap((list) => people.flatMap((key) => [add(list, { key }), remove(list, key)])),
    ...people.flatMap((key) => [add(rooms, { key: { type: 'room' }, members: [{ key }] }), add(ofMembers, { key })]),
    add(rooms, { key: { type: 'room' }, name: `Attic-${randomUUID().slice(0, 8)}`, open: true }),
    ...groups.map((key) => add(rooms, { key })),
    replace(keyOf('member', [closed, fay]), 'muted_until', null),
    replace(keyOf('member', [closed, fay]), 'role', 'member'),
    ...places.map(([room, number]) => remove(keyOf('room', room), keyOf('msg', [room, number]))),
    ...people.map((key) => remove(ofMembers, key)),
    ...people.map((person): Request => ['ban', { room: keyOf('room', closed), person, until: 1 }]),
    ...groups.flatMap((room): Request[] => [
      ['invite', { room, uses: 5 }],
      ['end_invitations', { room }],
    ]),
    ...['canary', closed, ''].flatMap((code): Request[] => [
      ['invitation', { code: `${code}` }],
      add(rooms, { key: { type: 'room' }, invitation: `${code}` }),
    ]),
    ...groups.map((key) => remove(rooms, key)),
    ['password', { old: 'not it', new: 'other' }],
    ['token'],
    ['delete_account', { password: 'not it' }],
  ];
}

/** The next number: ids are drawn at random, so that nothing has it. */
function hiddenIn(before: string, id: number): Hidden {
  return { real: `${before}${id}`, absent: `${before}${id - 1}` };
}

export const documents: ProtocolRequests = {
  protocol: 'documents',
  /** Those that are answered: what a client subscribes to is told to it when it changes, if it may read that. */
  types: [
    ...new Set(upSchemas.flatMap(({ properties: { type, cls } }) => (type.const === 'request' ? [cls.const] : []))),
  ],
  authTypes: ['login', 'logout', 'reconnect', 'register'],
  refused: {
    password: 'it has a wrong old password, so that a client that replays it keeps its own',
    delete_account: 'it has a wrong password, so that the account stays',
    invitation: 'nobody knows the code before the server has drawn it',
  },
  requests: (fixture) =>
    [...reads(fixture), ...searches(fixture), ...writes(fixture), ...searches(fixture)].map(([cls, data], index) =>
      JSON.stringify({ type: 'request', id: `${index}`, cls, data }),
    ),
  hidden({ ids, places, closed: closedName, ghost: ghostName }) {
    const { ann, ghost, closed, direct } = ids;
    return {
      things: [
        closedName,
        ghostName,
        ...[ghost, closed, direct].map((id) => hiddenIn('', id)),
        ...['fav', 'blocked', 'rooms', 'conversations'].map((type) => hiddenIn(`"${type}","id":`, ann)),
      ],
      messages: places.map(([room, number]) => ({ real: `[${room},${number}]`, absent: `[${room},${number + 999}]` })),
    };
  },
  relationship(kind, _name, on, _requester, { self, other }) {
    const data = { key: keyOf(kind === 'contact' ? 'fav' : 'blocked', self), obj: { key: keyOf('user', other) } };
    return JSON.stringify({ type: 'request', id: '1', cls: on ? 'add_child' : 'remove_child', data });
  },
  typeOf: (frame) => String((JSON.parse(frame) as Frame).cls),
  isRefused: (answer) => ((JSON.parse(answer) as Frame).status ?? 0) >= 400,
  malformed: [
    '{"type":"request","id":"1","cls":"login","data":{"username":["canary-broken"]}}',
    '{"type":"request","id":"1","cls":"get_content","data":"canary-broken"}',
    '{"type":"request","id":"1","cls":"get_content","data":{"key":{"type":"canary-broken","id":1}}}',
    '{"type":"request","id":"1","cls":"get_children","data":{"key":{"type":"unit","id":1},"view":"canary-broken"}}',
    '{"type":"request","id":"1","cls":"patch_content","data":{"key":{"type":"unit","id":1},"patch":["canary-broken"]}}',
    '{"type":"request","id":"1","cls":"login","data":canary-broken}',
    '{"type":"canary-broken","id":"1","cls":"login"}',
  ],
  partsOf: fieldsOf,
  parts: new Set(
    [
      'type id cls status data code msg retry_after',
      'session token self rooms fav blocked root home config media_server',
      'key ver content children patch op path value view page index size total',
      'first_name last_name display_name picture presence connected username guest',
      'name groupname open members members_total role muted_until parent',
      'direct unread last_msg number seen seen_by',
      'users rooms msgs next joined until',
      'sender time text edited via deleted read font family color style reply_to file address width height',
    ].flatMap((line) => line.split(' ')),
  ),
};
