import type { Fields } from './fields.ts';
import type { Changed, Down, ErrorAnswer, Success, TypingNotice } from './schema.ts';

type Reader = (fields: Fields) => Down;
type DataOf<C extends string, S extends number> = Extract<Success, { cls: C; status: S; data: unknown }>['data'];

/** The reader of each message from a server: a result by its class and status, any other by its type. */
export const answerReaders: ReadonlyMap<unknown, Reader> = new Map<string, Reader>([
  ['login 200', (f) => ({ ...readHead(f, 'login', 200), data: f.object('data', readLogin) })],
  ['logout 200', (f) => ({ type: 'result', ...f.maybe('id', (name) => f.label(name)), cls: 'logout', status: 200 })],
  ['reconnect 200', (f) => readHead(f, 'reconnect', 200)],
  ['get_content 200', (f) => ({ ...readHead(f, 'get_content', 200), data: f.object('data', readContent) })],
  ['get_content 204', (f) => readHead(f, 'get_content', 204)],
  ['get_content 206', (f) => ({ ...readHead(f, 'get_content', 206), data: f.object('data', readContentPatch) })],
  ['get_children 200', (f) => ({ ...readHead(f, 'get_children', 200), data: f.object('data', readPage) })],
  ['get_children 204', (f) => readHead(f, 'get_children', 204)],
  ['get_children 206', (f) => ({ ...readHead(f, 'get_children', 206), data: f.object('data', readPagePatch) })],
  [
    'patch_content 200',
    (f) => ({ ...readHead(f, 'patch_content', 200), data: f.object('data', (data) => ({ ver: data.version('ver') })) }),
  ],
  [
    'add_child 200',
    (f) => ({ ...readHead(f, 'add_child', 200), data: f.object('data', (data) => ({ key: data.key('key') })) }),
  ],
  ['remove_child 200', (f) => readHead(f, 'remove_child', 200)],
  ['search 200', (f) => ({ ...readHead(f, 'search', 200), data: f.object('data', readFound) })],
  ['register 201', (f) => readHead(f, 'register', 201)],
  ['password 200', (f) => readHead(f, 'password', 200)],
  [
    'token 200',
    (f) => ({
      ...readHead(f, 'token', 200),
      data: f.object('data', (data) => ({ token: data.string('token') })),
    }),
  ],
  ['delete_account 200', (f) => readHead(f, 'delete_account', 200)],
  ['ban 200', (f) => readHead(f, 'ban', 200)],
  ['invite 200', (f) => ({ ...readHead(f, 'invite', 200), data: f.object('data', readNewInvitation) })],
  ['invitation 200', (f) => ({ ...readHead(f, 'invitation', 200), data: f.object('data', readInvitation) })],
  ['end_invitations 200', (f) => readHead(f, 'end_invitations', 200)],
  ['error', readError],
  ['request changed', readChanged],
  ['notify typing', (f) => ({ type: 'notify', cls: 'typing', data: f.object('data', readTyping) })],
]);

function readHead<C extends string, S extends number>(f: Fields, cls: C, status: S) {
  return { type: 'result', id: f.label('id'), cls, status } as const;
}

function readLogin(f: Fields): DataOf<'login', 200> {
  return {
    session: f.string('session'),
    self: f.keyOf('user', 'self'),
    rooms: f.keyOf('rooms', 'rooms'),
    fav: f.keyOf('fav', 'fav'),
    root: f.keyOf('index', 'root'),
    home: f.keyOf('unit', 'home'),
    config: f.object('config', (config) => ({ media_server: config.string('media_server') })),
    ...f.maybe('blocked', (name) => f.keyOf('blocked', name)),
  };
}

function readContent(f: Fields): DataOf<'get_content', 200> {
  return { key: f.key('key'), ver: f.version('ver'), content: f.object('content', (content) => content.all()) };
}

function readContentPatch(f: Fields): DataOf<'get_content', 206> {
  return { key: f.key('key'), ver: f.version('ver'), patch: f.changes('patch') };
}

function readPage(f: Fields): DataOf<'get_children', 200> {
  return {
    key: f.key('key'),
    ver: f.version('ver'),
    view: f.view('view'),
    index: f.positive('index'), // DOC-32
    size: f.size('size'),
    total: f.number('total'),
    page: f.list('page', (entry) => entry.all()), // DOC-32
  };
}

function readPagePatch(f: Fields): DataOf<'get_children', 206> {
  const page = f.positive('page');
  const { index = page } = f.maybe('index', (name) => f.positive(name));
  return {
    key: f.key('key'),
    ver: f.version('ver'),
    view: f.view('view'),
    page, // DOC-32
    index, // DOC-32
    size: f.size('size'),
    total: f.number('total'),
    patch: f.changes('patch'),
  };
}

function readFound(f: Fields): DataOf<'search', 200> {
  return {
    users: f.list('users', (entry) => entry.all()),
    rooms: f.list('rooms', (entry) => entry.all()),
    msgs: f.list('msgs', (entry) => entry.all()),
    ...f.maybe('next', (name) => f.keyOf('msg', name)),
  };
}

function readNewInvitation(f: Fields): DataOf<'invite', 200> {
  return { code: f.string('code'), until: f.number('until') };
}

function readInvitation(f: Fields): DataOf<'invitation', 200> {
  return {
    room: f.keyOf('room', 'room'),
    name: f.string('name'),
    members_total: f.number('members_total'),
    until: f.number('until'),
  };
}

function readError(f: Fields): ErrorAnswer {
  return {
    type: 'error',
    ...f.maybe('id', (name) => f.label(name)),
    ...f.maybe('cls', (name) => f.string(name)),
    status: f.integer('status', 400, 599),
    data: f.object('data', (data) => ({
      code: data.integer('code', 4_000_000, 5_999_999),
      msg: data.string('msg'),
      ...data.maybe('retry_after', (name) => data.positive(name)),
    })),
  };
}

function readChanged(f: Fields): Changed {
  return {
    type: 'request',
    id: f.label('id'),
    cls: 'changed',
    data: f.list('data', (entry) => ({
      key: entry.key('key'),
      content: entry.boolean('content'),
      children: entry.boolean('children'),
    })),
  };
}

function readTyping(f: Fields): TypingNotice['data'] {
  return { key: f.keyOf('room', 'key'), user: f.keyOf('user', 'user'), typing: f.boolean('typing') };
}
