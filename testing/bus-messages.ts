import type { Account } from '../src/core/model/account.ts';
import type { BusMessage, NodeMessage, StreamMessage } from '../src/core/model/bus-message.ts';
import type { DirectoryEntry, EntryBody, PersonEntry, RoomEntry } from '../src/core/model/entries.ts';
import type { Invitation } from '../src/core/model/invitation.ts';
import type { Subject } from '../src/core/ports.ts';
import { fileInfo, message as messageOf } from './storage/samples.ts';

const at = 1;
const [person, room, other] = [1, 2, 3];
const names = { name: 'Ada', skeleton: 'ada' };
const plain = messageOf(room, 1, 1, 'hello');
const full = {
  ...plain,
  font: { family: 'Arial', color: '#000000', style: 'b' },
  replyTo: 1,
  via: 'c2',
  file: { ...fileInfo('file'), width: 1, height: 2 },
  withheld: true,
  clientTime: 1.5,
  editedAt: 2,
  deletedAt: 3,
  edits: [2, 3],
} as const;
const member = { room, person, name: 'Ada', role: 'owner', other, since: 0 } as const;
const people = [
  { id: person, name: 'Ada' },
  { id: other, name: 'Bob' },
] as const;
const row = { id: room, identity: 'i', name: 'club', displayName: 'Club', closed: true, renamedAt: 2, people } as const;
const { id: _id, ...created } = row;
const invitation: Invitation = { digest: 'd', room, maker: person, until: 9, usesLeft: 1 };
const account: Account = {
  ...names,
  person,
  displayName: 'Ada',
  role: 'owner',
  firstName: 'Ada',
  lastName: 'L',
  picture: 'p',
  deletedAt: 5,
};
const unit = { ...names, id: 4, parent: 2, home: true } as const;
const relation = { person, other, at };

type OfEachType<Body extends { readonly type: string }> = {
  readonly [T in Body['type']]: Body & { readonly type: T };
};

const roomEntries: OfEachType<RoomEntry> = {
  'room-created': { type: 'room-created', room, ...created, at },
  'room-renamed': { type: 'room-renamed', row, at },
  'message-posted': { type: 'message-posted', message: full, at },
  'message-edited': { type: 'message-edited', message: plain, at },
  'message-deleted': { type: 'message-deleted', message: plain, at },
  'member-joined': { type: 'member-joined', member, at },
  'member-changed': { type: 'member-changed', member: { ...member, other: null }, at },
  'member-left': { type: 'member-left', room, person, at },
  'member-banned': { type: 'member-banned', ban: { room, person, reason: 'r', until: null }, at },
  'member-unbanned': { type: 'member-unbanned', room, person, at },
  'person-muted': { type: 'person-muted', mute: { room, person: null, skeleton: 'ada', until: 3 }, at },
  'person-unmuted': { type: 'person-unmuted', room, skeleton: 'ada', at },
  'invitation-made': { type: 'invitation-made', invitation, at },
  'invitation-used': { type: 'invitation-used', invitation: { ...invitation, usesLeft: null }, at },
  'invitation-ended': { type: 'invitation-ended', room, digest: 'd', at },
};

const personEntries: OfEachType<PersonEntry> = {
  'password-set': { type: 'password-set', person, verifier: 'v', replaces: 1, at },
  'contact-added': { type: 'contact-added', ...relation },
  'contact-removed': { type: 'contact-removed', ...relation },
  'block-added': { type: 'block-added', ...relation },
  'block-removed': { type: 'block-removed', ...relation },
  'room-joined': { type: 'room-joined', membership: { person, room, other: null, since: 0 }, at },
  'room-left': { type: 'room-left', person, room, at },
  'room-read': { type: 'room-read', person, room, number: 0, at },
  'token-issued': { type: 'token-issued', token: { digest: 'd', person, issuedAt: 1, expires: 2 }, at },
  'token-revoked': { type: 'token-revoked', person, digest: 'd', why: 'asked', at },
  'tokens-revoked': { type: 'tokens-revoked', person, at },
  'file-uploaded': { type: 'file-uploaded', upload: { ...fileInfo('file'), person, position: 1, at }, at },
  'upload-ended': { type: 'upload-ended', person, id: 'file', uploaded: 1, at },
  'person-erased': { type: 'person-erased', person, replaces: null, uploads: [1], at },
};

const directoryEntries: OfEachType<DirectoryEntry> = {
  'name-taken': { type: 'name-taken', name: { ...names, room }, at },
  'account-created': { type: 'account-created', account, at },
  'account-changed': { type: 'account-changed', account, at },
  'account-deleted': { type: 'account-deleted', account, at },
  'unit-created': { type: 'unit-created', unit, at },
  'unit-changed': { type: 'unit-changed', unit: { ...unit, parent: null }, at },
  'unit-removed': { type: 'unit-removed', id: 4, at },
  'unit-member-added': { type: 'unit-member-added', unit: 4, person, at },
  'unit-member-removed': { type: 'unit-member-removed', unit: 4, person, at },
  'ban-set': { type: 'ban-set', ban: { ...names, reason: 'r', until: 4, address: true }, at },
  'ban-lifted': { type: 'ban-lifted', skeleton: 'ada', at },
};

const status = { presence: 'away', text: null, spelling: 'Away' } as const;
const record = { ...names, person, since: 1, account: true, status, statusAt: 2, acceptsDirect: false };
const departures = [{ type: 'left' }, { type: 'lost' }, { type: 'removed', reason: 'r' }, { type: 'stopped' }] as const;
const changes = [
  { version: 1, person, record, departure: null },
  ...departures.map((departure) => ({ version: 2, person, record: null, departure })),
];
const node = 'node';
const report = { person, room, position: 3, isTyping: true };

const nodeMessages: OfEachType<NodeMessage> = {
  heartbeat: { type: 'heartbeat', node, version: 1 },
  presence: { type: 'presence', node, since: 0, version: 2, changes },
  ask: { type: 'ask', node, version: 0 },
  people: { type: 'people', node, version: 1, part: 0, isLast: true, records: [record] },
  challenge: { type: 'challenge', node, person },
  answer: { type: 'answer', node, person, alive: true },
  kick: { type: 'kick', node, person, reason: 'r' },
  attempts: {
    type: 'attempts',
    node,
    attempts: [
      { type: 'login-failed', address: '192.0.2.1', name: 'ada' },
      { type: 'registered', address: '192.0.2.1' },
      { type: 'group-made', person },
    ],
  },
};
const streamMessages: OfEachType<StreamMessage> = {
  entries: { type: 'entries', node, position: 1, bodies: [] },
  position: { type: 'position', node, position: 7 },
  typing: { type: 'typing', node, report },
};

/** A subject and a message that belongs on it. */
export type BusSample = { readonly subject: Subject; readonly message: BusMessage };

const on = (subject: Subject, ...messages: readonly BusMessage[]): BusSample[] =>
  messages.map((message) => ({ subject, message }));
const entries = (...bodies: readonly EntryBody[]): BusMessage[] =>
  bodies.map((body) => ({ ...streamMessages.entries, bodies: [body] }));

/** Every message on every kind of subject, each type of entry among them, with all fields. */
export const busSamples: readonly BusSample[] = [
  ...on('nodes', ...Object.values(nodeMessages)),
  ...on('node/one', ...Object.values(nodeMessages)),
  ...on(`room/${room}`, streamMessages.position, streamMessages.typing, ...entries(...Object.values(roomEntries))),
  ...on(`person/${person}`, streamMessages.position, ...entries(...Object.values(personEntries))),
  ...on('directory', streamMessages.position, ...entries(...Object.values(directoryEntries))),
];
