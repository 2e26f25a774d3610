import { createHash, randomUUID } from 'node:crypto';
import { upSchemas } from '../../../src/protocols/tagged/schema.ts';
import { type ProtocolRequests, fieldsOf } from '../protocol-requests.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hash = (password: string) => createHash('sha256').update(password).digest('hex');
const timestamp = '2014-06-16T20:13:59.128Z';

const requests: ProtocolRequests['requests'] = ({ ann, fay, ghost, closed, open, messages }) => {
  const people = [fay, ghost.real, closed.real];
  const groups = [closed.real, open, 'lobby', fay];
  const chat = { body: base64('hello'), timestamp };
  return [
    { message: 'list.friends' },
    { message: 'list.groups' },
    ...messages.flatMap(({ real: id }) => [
      { message: 'chat.edit', id, body: base64('changed') },
      ...[ann, fay].map((username) => ({ message: 'history.user', username, before: id })),
      ...groups.map((groupname) => ({ message: 'history.group', groupname, before: id })),
      { message: 'chat.delete', id },
    ]),
    ...people.flatMap((username) => [
      { message: 'chat.user', to: username, ...chat, nonce: `nonce-${username}` },
      { message: 'detail.users', usernames: [username] },
      { message: 'history.user', username },
      { message: 'friend.add', username },
      { message: 'friend.remove', username },
      { message: 'block.add', username },
      { message: 'block.remove', username },
    ]),
    { message: 'detail.users', usernames: people },
    { message: 'detail.groups', groupnames: groups },
    ...groups.flatMap((groupname) => [
      { message: 'chat.group', to: groupname, ...chat, nonce: `nonce-${groupname}` },
      { message: 'detail.groups', groupnames: [groupname] },
      { message: 'history.group', groupname },
      { message: 'group.leave', groupname },
    ]),
    { message: 'group.join', groupname: closed.real },
    { message: 'group.join', groupname: 'lobby' },
    { message: 'me.name', display_name: 'Annie' },
    { message: 'me.status', status: 'Away' },
    { message: 'me.password', old: hash('not it'), new: hash('other') },
    { message: 'group.create', groupname: `Attic-${randomUUID().slice(0, 8)}`, display_name: 'Up there' },
  ].map((request, index) => JSON.stringify({ ...request, tag: `${index}` }));
};

type Frame = { readonly message?: unknown; readonly result?: number };

export const tagged: ProtocolRequests = {
  protocol: 'tagged',
  types: upSchemas.map(({ properties }) => properties.message.const),
  authTypes: ['login', 'logout', 'register'],
  refused: { 'me.password': 'it has a wrong old password, so that a client that replays it keeps its own' },
  requests,
  groups: {
    create: (groupname) => JSON.stringify({ message: 'group.create', groupname }),
    join: (groupname) => JSON.stringify({ message: 'group.join', groupname }),
  },
  relationship: (kind, username, on) =>
    JSON.stringify({ message: `${kind === 'contact' ? 'friend' : kind}.${on ? 'add' : 'remove'}`, username }),
  typeOf: (frame) => String((JSON.parse(frame) as Frame).message),
  isRefused: (answer) => ((JSON.parse(answer) as Frame).result ?? 0) >= 400,
  malformed: [
    '{"message":"canary-broken"}',
    '{"message":"login","username":["canary-broken"]}',
    '{"message":canary-broken}',
  ],
  partsOf: fieldsOf,
  parts: new Set(
    [
      'reply result result_message retry_after tag id me messages message',
      'from to via font family color style body timestamp',
      'users username display_name status friend guest',
      'groups groupname member members members_total',
    ].flatMap((line) => line.split(' ')),
  ),
};
