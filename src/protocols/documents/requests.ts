import type { Fields } from './fields.ts';
import type { Key, RequestOf, Up } from './schema.ts';

type Request = Extract<Up, { type: 'request'; data: unknown }>;
type Data<C extends string> = Extract<RequestOf<C>, { data: unknown }>['data'];
type Child<C extends 'add_child' | 'remove_child', K extends Key['type']> = Extract<
  Data<C>,
  { key: { type: K } }
>['obj'];

const readers: { readonly [C in Request['cls']]: (fields: Fields) => Data<C> } = {
  login: readLogin,
  reconnect: (f) => ({ session: f.string('session') }),
  get_content: (f) => ({
    key: f.key('key'),
    ...f.maybe('ver', (name) => f.version(name)),
    ...f.maybe('subscribe', (name) => f.boolean(name)),
  }),
  get_children: (f) => ({
    key: f.key('key'),
    ...f.maybe('ver', (name) => f.version(name)),
    ...f.maybe('view', (name) => f.view(name)),
    ...readPage(f),
    ...f.maybe('size', (name) => f.size(name)),
    ...f.maybe('before', (name) => f.positive(name)),
    ...f.maybe('subscribe', (name) => f.boolean(name)),
  }),
  patch_content: (f) => ({
    key: f.key('key'),
    ...f.maybe('ver', (name) => f.version(name)),
    patch: f.patch('patch'),
  }),
  add_child: readNewChild,
  remove_child: readOldChild,
  search: (f) => ({
    ...readSought(f),
    ...f.maybe('types', (name) => f.foundTypes(name)),
    ...f.maybe('room', (name) => f.keyOf('room', name)),
    ...f.maybe('size', (name) => f.size(name)),
    ...f.maybe('before', (name) => f.keyOf('msg', name)),
  }),
  register: (f) => ({
    username: f.string('username'),
    password: f.string('password'),
    ...f.maybe('display_name', (name) => f.string(name)),
  }),
  password: (f) => ({ old: f.string('old'), new: f.string('new') }),
  delete_account: (f) => ({ password: f.string('password') }),
  ban: (f) => ({
    room: f.keyOf('room', 'room'),
    person: f.keyOf('user', 'person'),
    ...f.maybe('until', (name) => f.number(name)),
    ...f.maybe('reason', (name) => f.string(name)),
  }),
  invite: (f) => ({
    room: f.keyOf('room', 'room'),
    ...f.maybe('until', (name) => f.number(name)),
    ...f.maybe('uses', (name) => f.positive(name)),
  }),
  invitation: (f) => ({ code: f.string('code') }),
  end_invitations: (f) => ({ room: f.keyOf('room', 'room') }),
};

/** The reader of the data of each request that has data, by its class. */
export const requestReaders: ReadonlyMap<unknown, (fields: Fields) => Request['data']> = new Map(
  Object.entries(readers),
);

/** Who types: what a notify of the class `typing` says. */
export function readTyping(f: Fields): Extract<Up, { cls: 'typing' }>['data'] {
  return { key: f.keyOf('room', 'key'), ...f.maybe('typing', (name) => f.boolean(name)) }; // DOC-160
}

function readLogin(f: Fields): Data<'login'> {
  f.atMostOne('password', 'token'); // DOC-171
  return {
    username: f.string('username'),
    ...f.maybe('password', (name) => f.string(name)),
    ...f.maybe('token', (name) => f.string(name)),
  };
}

/** Whoever looks for a sender may look for no words. */
function readSought(f: Fields): Pick<Data<'search'>, 'text' | 'sender'> {
  const sender = f.maybe('sender', (name) => f.keyOf('user', name)); // DOC-145
  const text = sender.sender === undefined ? { text: f.string('text') } : f.maybe('text', (name) => f.string(name)); // DOC-140
  return { ...text, ...sender };
}

/** Clients of an older edition call the page `index`. */
function readPage(f: Fields): { page?: number } {
  const { index } = f.maybe('index', (name) => f.positive(name)); // DOC-23
  const { page = index } = f.maybe('page', (name) => f.positive(name)); // DOC-23
  return page === undefined ? {} : { page };
}

function readNewChild(f: Fields): Data<'add_child'> {
  const key = f.key('key');
  switch (key.type) {
    case 'rooms':
    case 'conversations':
      return { key, obj: f.object('obj', readNewRoom) }; // DOC-25
    case 'room':
      return { key, obj: f.object('obj', readNewMessage) }; // DOC-25
    case 'fav':
    case 'blocked':
    case 'members':
      return { key, obj: f.object('obj', (child) => ({ key: child.keyOf('user', 'key') })) }; // DOC-25
    default:
      return nothing(f); // DOC-27
  }
}

function readOldChild(f: Fields): Data<'remove_child'> {
  const key = f.key('key');
  switch (key.type) {
    case 'rooms':
    case 'conversations':
      return { key, obj: f.object('obj', (child) => ({ key: child.keyOf('room', 'key') })) }; // DOC-26
    case 'room':
      return { key, obj: f.object('obj', (child) => ({ key: child.keyOf('msg', 'key') })) }; // DOC-26
    case 'fav':
    case 'blocked':
    case 'members':
      return { key, obj: f.object('obj', (child) => ({ key: child.keyOf('user', 'key') })) }; // DOC-26
    default:
      return nothing(f); // DOC-27
  }
}

function readNewRoom(f: Fields): Child<'add_child', 'rooms' | 'conversations'> {
  return {
    key: f.newRoomKey('key'),
    ...f.maybe('name', (name) => f.string(name)),
    ...f.maybe('open', (name) => f.boolean(name)),
    ...f.maybe('members', (name) => f.people(name)),
    ...f.maybe('invitation', (name) => f.string(name)),
  };
}

function readNewMessage(f: Fields): Child<'add_child', 'room'> {
  const file = f.maybe('file', (name) => f.object(name, (given) => ({ address: given.string('address') })));
  return {
    key: f.newMessageKey('key'),
    ...(file.file === undefined ? { text: f.string('text') } : f.maybe('text', (name) => f.string(name))), // DOC-240
    ...f.maybe('reply_to', (name) => f.keyOf('msg', name)),
    ...file,
  };
}

/** Stands for a child where there can be none; the fields have noted that. */
function nothing(f: Fields): { key: Extract<Key, { type: 'fav' }>; obj: { key: Extract<Key, { type: 'user' }> } } {
  f.noChildren();
  return { key: { type: 'fav', id: 0 }, obj: { key: { type: 'user', id: 0 } } };
}
