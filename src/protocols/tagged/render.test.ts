import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Profile } from '../../connections/session/session-api.ts';
import type { Event } from '../../core/model/events.ts';
import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import { AVAILABLE, type Status } from '../../core/text/status.ts';
import { encodeJson, JsonFrames } from '../json-frames.ts';
import { down, writeDown } from './codec.ts';
import { Renderer, renderGroups, renderMe, renderUser } from './render.ts';
import type { Push } from './schema.ts';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const font = { family: 'Segoe UI', color: '#000000', style: '' };
const renderer = new Renderer(font);
const alice = { id: 3, name: 'alice' };
const bob = { id: 4, name: 'bob' };
const lobby: Conversation = { type: 'group', name: 'lobby', lobby: true };
const direct: Conversation = { type: 'direct', people: [bob, alice] };
const message: Message = {
  id,
  room: 7,
  number: 1,
  position: 2,
  author: alice,
  text: 'hello',
  clientTime: 10,
  serverTime: 20,
  editedAt: null,
  deletedAt: null,
  edits: [],
};
const at = { room: 7, position: 5 };
const posted = (said: Message, conversation: Conversation = lobby): Event => ({
  type: 'message-posted',
  ...at,
  conversation,
  message: said,
});
const chat = { message: 'chat.group', from: 'alice', via: 'lobby', font, body: 'hello', timestamp: 10, tag: `_${id}` };

test('TAG-60 TAG-18 TAG-34 TAG-78 T12 a message to a group has its author, its time, and its id as tag', () => {
  assert.deepEqual(renderer.event(posted(message), null), chat);
  assert.deepEqual(renderer.event(posted({ ...message, clientTime: null }), null), { ...chat, timestamp: 20 });
  assert.deepEqual(renderer.event(posted({ ...message, clientTime: 0 }), null), { ...chat, timestamp: 0 });
});

test('TAG-17 a message has its own complete font, or the default', () => {
  const own = { family: 'Arial', color: '#ff0000', style: 'bi' };
  assert.deepEqual(renderer.event(posted({ ...message, font: own }), null), { ...chat, font: own });
});

test('TAG-60 TAG-62 a direct message is chat.user, and only its author sees the receiver', () => {
  const { via: _, ...rest } = { ...chat, message: 'chat.user' };
  assert.deepEqual(renderer.event(posted(message, direct), bob.id), rest);
  assert.deepEqual(renderer.event(posted(message, direct), alice.id), { ...rest, to: 'bob' });
});

test('TAG-63 TAG-34 an edit and a deletion are messages of their author, with their own time and tag', () => {
  const edited = { ...message, text: 'new', editedAt: 30 };
  const line = { ...chat, timestamp: 30, tag: `_${id}.5` };
  assert.deepEqual(renderer.event({ type: 'message-edited', ...at, conversation: lobby, message: edited }, null), {
    ...line,
    body: '* new',
  });
  const deleted = { ...message, text: '', editedAt: 30, deletedAt: 40 };
  assert.deepEqual(renderer.event({ type: 'message-deleted', ...at, conversation: lobby, message: deleted }, null), {
    ...line,
    body: '* (message deleted)',
    timestamp: 40,
  });
});

test('TAG-64 a message that waited is shown in its current state, and not at all if deleted', () => {
  assert.deepEqual(renderer.waiting({ ...message, text: 'new', editedAt: 30 }, lobby, null), { ...chat, body: 'new' });
  assert.equal(renderer.waiting({ ...message, text: '', deletedAt: 30 }, lobby, null), null);
});

test('TAG-75 a message of the history has its id, author and receiver, for every viewer', () => {
  const { tag: _, ...untagged } = chat;
  assert.deepEqual(renderer.history(message, lobby), { ...untagged, id });
  const { via: __, ...rest } = { ...untagged, message: 'chat.user' };
  assert.deepEqual(renderer.history(message, direct), { ...rest, to: 'bob', id });
  assert.deepEqual(renderer.history({ ...message, author: bob }, direct), { ...rest, from: 'bob', to: 'alice', id });
});

test('TAG-67 no other event is shown', () => {
  const mute = { room: 7, person: null, skeleton: 'alice', until: null };
  const member = { room: 7, person: 3, name: 'alice', role: 'member', other: null, since: 0 } as const;
  const events: Event[] = [
    { type: 'room-created', ...at, conversation: lobby },
    { type: 'member-joined', ...at, conversation: lobby, member },
    { type: 'member-left', ...at, conversation: lobby, person: 3 },
    { type: 'person-muted', ...at, conversation: lobby, mute },
    { type: 'person-unmuted', ...at, conversation: lobby, skeleton: 'alice' },
    { type: 'person-entered', person: alice },
    { type: 'person-changed', person: alice },
    { type: 'person-typing', room: 7, conversation: lobby, person: alice, isTyping: true },
    { type: 'person-renamed', person: alice, before: 'al' },
    { type: 'person-left', person: alice, departure: { type: 'left' } },
  ];
  for (const event of events) assert.equal(renderer.event(event, null), null, event.type);
});

const profile: Profile = {
  id: 3,
  name: 'alice',
  displayName: 'Alice',
  status: AVAILABLE,
  guest: false,
  isContact: false,
};

test('TAG-50 TAG-51 a user has a status text, and only guests are marked as guests', () => {
  const user = { username: 'alice', display_name: 'Alice', status: 'Available', friend: false };
  assert.deepEqual(renderUser(profile), user);
  assert.deepEqual(renderUser({ ...profile, guest: true, isContact: null }), { ...user, guest: true, friend: null });
  const words = (status: Omit<Status, 'spelling'>) =>
    renderUser({ ...profile, status: { ...status, spelling: 'x' } }).status;
  assert.equal(words({ presence: 'online', text: null }), 'Available');
  assert.equal(words({ presence: 'online', text: 'in the garden' }), 'in the garden');
  assert.equal(words({ presence: 'away', text: null }), 'Away');
  assert.equal(words({ presence: 'busy', text: 'in the garden' }), 'Busy');
  assert.equal(words({ presence: 'offline', text: 'in the garden' }), 'Offline');
});

test('TAG-40 me has the status in the spelling of its person', () => {
  const self = { name: 'alice', displayName: 'Alice', status: 'aVaIlAbLe', guest: false };
  assert.deepEqual(renderMe(self), { username: 'alice', display_name: 'Alice', status: 'aVaIlAbLe' });
});

const view: RoomView = {
  id: 7,
  name: 'chess',
  displayName: 'Chess',
  members: ['alice', 'bob'],
  total: 2,
  member: true,
};

test('TAG-54 T6 a group that does not name all members has their count, with one limit for all groups', () => {
  const group = { groupname: 'chess', display_name: 'Chess', members: ['alice', 'bob'], member: true };
  assert.deepEqual(renderGroups([view]), [group]);
  assert.deepEqual(renderGroups([{ ...view, total: 5_000 }]), [{ ...group, members_total: 5_000 }]);
  const many = Array.from({ length: 12 }, () => ({
    ...view,
    members: Array.from({ length: 1_000 }, () => 'x'),
    total: 1_000,
  }));
  const shown = renderGroups(many);
  assert.deepEqual(
    shown.map(({ members }) => members.length),
    [...Array.from({ length: 10 }, () => 1_000), 0, 0],
  );
  assert.deepEqual(
    shown.map((one) => one.members_total),
    [...Array.from({ length: 10 }, () => undefined), 1_000, 1_000],
  );
});

test('TAG-65 TAG-66 TAG-34 roster updates are details, with the id of the update as tag', () => {
  assert.deepEqual(renderer.rosterUpdate({ type: 'people', id: 'n1', people: [profile] }), {
    message: 'detail.users',
    tag: '_n1',
    users: [renderUser(profile)],
  });
  assert.deepEqual(renderer.rosterUpdate({ type: 'groups', id: 'n2', groups: [view] }), {
    message: 'detail.groups',
    tag: '_n2',
    groups: renderGroups([view]),
  });
});

test('T14 any names and texts read back as the same fields', () => {
  const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
  const check = (author: string, room: string, text: string, time: number) => {
    const push = renderer.event(
      posted({ ...message, author: { id: 3, name: author }, text, clientTime: time }, { ...lobby, name: room }),
      null,
    );
    const bytes = encodeJson(writeDown(push as Push), 'stream');
    assert.equal(bytes.indexOf(0x0a), bytes.length - 1);
    assert.deepEqual([...new JsonFrames(down, 'stream').push(bytes)], [{ ok: true, message: push }]);
  };
  fc.assert(fc.property(word, word, word, fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), check));
});
