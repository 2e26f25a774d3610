import type { Fields } from './fields.ts';
import type { Chat, Down, Group, Me, Reply, Up, UpOf, User } from './schema.ts';

const MAX_PAGE = 200;

type Reader<M> = (fields: Fields) => M;

const up: { readonly [M in Up['message']]: Reader<UpOf<M>> } = {
  login: (f) => ({
    message: 'login',
    username: f.string('username'),
    ...f.maybe('password', (name) => f.hash(name)),
    ...f.maybe('initial_status', (name) => f.string(name)),
    ...f.maybe('version', () => 1 as const),
    ...f.maybe('echo', (name) => f.boolean(name)),
  }),
  logout: (f) => ({ message: 'logout', ...f.maybe('reason', (name) => f.string(name)) }),
  'chat.user': (f) => ({ message: 'chat.user', ...readChat(f) }),
  'chat.group': (f) => ({ message: 'chat.group', ...readChat(f) }),
  'list.friends': () => ({ message: 'list.friends' }),
  'list.groups': () => ({ message: 'list.groups' }),
  'detail.users': (f) => ({ message: 'detail.users', usernames: [...f.names('usernames')] }),
  'detail.groups': (f) => ({ message: 'detail.groups', groupnames: [...f.names('groupnames')] }),
  'me.name': (f) => ({ message: 'me.name', display_name: f.string('display_name') }),
  'me.status': (f) => ({ message: 'me.status', status: f.string('status') }),
  register: (f) => ({
    message: 'register',
    username: f.string('username'),
    password: f.hash('password'),
    ...f.maybe('display_name', (name) => f.string(name)),
  }),
  'friend.add': (f) => ({ message: 'friend.add', username: f.string('username') }),
  'friend.remove': (f) => ({ message: 'friend.remove', username: f.string('username') }),
  'block.add': (f) => ({ message: 'block.add', username: f.string('username') }),
  'block.remove': (f) => ({ message: 'block.remove', username: f.string('username') }),
  'group.create': (f) => ({
    message: 'group.create',
    groupname: f.string('groupname'),
    ...f.maybe('display_name', (name) => f.string(name)),
  }),
  'group.join': (f) => ({ message: 'group.join', groupname: f.string('groupname') }),
  'group.leave': (f) => ({ message: 'group.leave', groupname: f.string('groupname') }),
  'history.user': (f) => ({ message: 'history.user', username: f.string('username'), ...readPage(f) }),
  'history.group': (f) => ({ message: 'history.group', groupname: f.string('groupname'), ...readPage(f) }),
  'chat.edit': (f) => ({
    message: 'chat.edit',
    id: f.label('id'),
    ...f.maybe('font', (name) => f.font(name)),
    body: f.body('body'),
  }),
  'chat.delete': (f) => ({ message: 'chat.delete', id: f.label('id') }),
  'me.password': (f) => ({ message: 'me.password', old: f.hash('old'), new: f.hash('new') }),
};

/** The reader of each request, by its name. */
export const upReaders: ReadonlyMap<string, Reader<Up>> = new Map<string, Reader<Up>>(Object.entries(up));

/** The reader of each message from a server, by its kind and name. */
export const downReaders: ReadonlyMap<string, Reader<Down>> = new Map<string, Reader<Down>>([
  ['message chat.user', readChatUser],
  ['message chat.group', readChatGroup],
  ['message detail.users', (f) => ({ message: 'detail.users', ...readPush(f), users: f.list('users', readUser) })],
  ['message detail.groups', (f) => ({ message: 'detail.groups', ...readPush(f), groups: f.list('groups', readGroup) })],
  ['reply default', (f) => ({ reply: 'default', ...readReply(f), ...f.maybe('id', (name) => f.string(name)) })],
  ['reply login', (f) => ({ reply: 'login', ...readReply(f), ...f.maybe('me', (name) => f.object(name, readMe)) })],
  ['reply detail.users', (f) => ({ reply: 'detail.users', ...readReply(f), users: f.list('users', readUser) })],
  ['reply detail.groups', (f) => ({ reply: 'detail.groups', ...readReply(f), groups: f.list('groups', readGroup) })],
  ['reply history', (f) => ({ reply: 'history', ...readReply(f), messages: f.list('messages', readAnyChat) })],
]);

const replies: ReadonlyMap<string, Reply['reply']> = new Map([
  ['login', 'login'],
  ['list.friends', 'detail.users'],
  ['list.groups', 'detail.groups'],
  ['history.user', 'history'],
  ['history.group', 'history'],
]);

/** The name of the reply to a request. */
export function replyTo(message: string): Reply['reply'] {
  return replies.get(message) ?? 'default';
}

function readChat(f: Fields): Omit<UpOf<'chat.user'>, 'message' | 'tag'> {
  return {
    to: f.string('to'),
    ...f.maybe('font', (name) => f.font(name)),
    body: f.body('body'),
    timestamp: f.timestamp('timestamp'),
    ...f.maybe('nonce', (name) => f.label(name)),
  };
}

function readPage(f: Fields): { before?: string; limit?: number } {
  return {
    ...f.maybe('before', (name) => f.label(name)),
    ...f.maybe('limit', (name) => f.integer(name, 1, MAX_PAGE)),
  };
}

function readPush(f: Fields): { tag?: string } {
  return f.maybe('tag', (name) => f.pushTag(name));
}

function readReply(f: Fields): Pick<Reply, 'result' | 'result_message' | 'tag' | 'retry_after'> {
  return {
    result: f.result('result'),
    result_message: f.nonEmpty('result_message'),
    ...f.maybe('tag', (name) => f.string(name)),
    ...f.maybe('retry_after', (name) => f.integer(name, 1, Number.MAX_SAFE_INTEGER)),
  };
}

function readUser(f: Fields): User {
  return {
    username: f.string('username'),
    display_name: f.string('display_name'),
    status: f.string('status'),
    friend: f.answer('friend'),
    ...f.maybe('guest', (name) => f.boolean(name)),
  };
}

function readGroup(f: Fields): Group {
  return {
    groupname: f.string('groupname'),
    display_name: f.string('display_name'),
    members: f.strings('members'),
    member: f.answer('member'),
    ...f.maybe('members_total', (name) => f.integer(name, 0, Number.MAX_SAFE_INTEGER)),
  };
}

function readMe(f: Fields): Me {
  return { username: f.string('username'), display_name: f.string('display_name'), status: f.string('status') };
}

function readChatFields(f: Fields): Omit<Chat, 'message' | 'via' | 'to'> {
  return {
    ...readPush(f),
    from: f.string('from'),
    font: f.wholeFont('font'),
    body: f.body('body'),
    timestamp: f.timestamp('timestamp'),
    ...f.maybe('id', (name) => f.string(name)),
  };
}

function readChatUser(f: Fields): Chat {
  return { message: 'chat.user', ...readChatFields(f), ...f.maybe('to', (name) => f.string(name)) };
}

function readChatGroup(f: Fields): Chat {
  return { message: 'chat.group', ...readChatFields(f), via: f.string('via') };
}

function readAnyChat(f: Fields): Chat {
  return f.string('message') === 'chat.group' ? readChatGroup(f) : readChatUser(f);
}
