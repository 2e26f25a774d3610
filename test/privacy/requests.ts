import { createHash } from 'node:crypto';
import type { Tenants } from './tenants.ts';

/** Everything that Ann asks by one protocol, as it goes over the wire; what logs her in or out is not in it. */
export type Requests = (tenants: Tenants) => readonly string[];

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hash = (password: string) => createHash('sha256').update(password).digest('hex');
const timestamp = '2014-06-16T20:13:59.128Z';

const tagged: Requests = ({ ann, fay, ghost, closed, open, messages }) => {
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
    { message: 'me.name', display_name: 'Annie' },
    { message: 'me.status', status: 'Away' },
    { message: 'me.password', old: hash('not it'), new: hash('other') },
    { message: 'group.create', groupname: 'Attic', display_name: 'Up there' },
  ].map((request, index) => JSON.stringify({ ...request, tag: `${index}` }));
};

const c2: Requests = ({ fay, ghost, closed, open, messages }) => [
  'c2/PING',
  'c2/QUERY active_users',
  'c2/MSG 5; hello',
  'c2/UPDATE username; Annie',
  ...[fay, ghost.real, closed.real, open].map((name) => `c2/MSG 6; /msg ${name} hello`),
  ...messages.map(({ real }) => `c2/QUERY update_message; ${real}; changed`),
];

/** By protocol; a test fails while one is missing. */
export const requestsOf: ReadonlyMap<string, Requests> = new Map([
  ['c2', c2],
  ['tagged', tagged],
]);

/** What logs in and out, which is nobody's to replay. */
export const comings: readonly string[] = ['CONNECT', 'DISCONNECT', 'login', 'logout', 'register'];
