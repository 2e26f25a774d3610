import type { TableName, Tables } from '../../src/core/model/rows.ts';

/**
 * Who may be sent the content of a column: everybody, those who may know of the room, those who may read the message,
 * or nobody. What is not for everybody must not be in the log either.
 */
export type Visibility = 'everybody' | 'room' | 'readers' | 'nobody';

type Columns = { readonly [T in TableName]: { readonly [C in keyof Required<Tables[T]>]: Visibility } };

/** The visibility of every column; a missing one fails the types and a test. */
export const columns: Columns = {
  room: {
    id: 'room',
    identity: 'room',
    name: 'room',
    displayName: 'room',
    closed: 'room',
    people: 'room',
    renamedAt: 'nobody',
  },
  message: {
    id: 'readers',
    room: 'readers',
    number: 'readers',
    position: 'nobody',
    author: 'readers',
    text: 'readers',
    font: 'readers',
    replyTo: 'readers',
    via: 'everybody', // The names of the protocols, which are no secret.
    file: 'readers',
    withheld: 'nobody',
    clientTime: 'readers',
    serverTime: 'readers',
    editedAt: 'readers',
    deletedAt: 'readers',
    edits: 'nobody',
  },
  mute: { room: 'room', person: 'room', skeleton: 'nobody', until: 'room' },
  member: { room: 'room', person: 'room', name: 'everybody', role: 'room', other: 'room', since: 'nobody' },
  room_ban: { room: 'nobody', person: 'nobody', reason: 'everybody', until: 'nobody' },
  // Whoever has the code is told until when it is good.
  invitation: { digest: 'nobody', room: 'room', maker: 'nobody', until: 'everybody', usesLeft: 'nobody' },
  ban: { skeleton: 'nobody', name: 'everybody', reason: 'everybody', until: 'nobody', address: 'nobody' },
  name: { skeleton: 'nobody', name: 'room', room: 'room' },
  account: {
    person: 'everybody',
    name: 'everybody',
    skeleton: 'nobody',
    displayName: 'everybody',
    role: 'nobody',
    firstName: 'everybody',
    lastName: 'everybody',
    picture: 'everybody',
    deletedAt: 'nobody',
  },
  credential: { person: 'nobody', verifier: 'nobody', position: 'nobody' },
  contact: { person: 'nobody', other: 'nobody' },
  block: { person: 'nobody', other: 'nobody' },
  read: { person: 'room', room: 'room', number: 'room' },
  token: { digest: 'nobody', person: 'nobody', issuedAt: 'nobody', expires: 'nobody' },
  shown: { person: 'nobody', room: 'nobody', number: 'nobody' },
  unit: { id: 'everybody', name: 'everybody', skeleton: 'nobody', parent: 'everybody', home: 'everybody' },
  unit_member: { unit: 'everybody', person: 'everybody' },
  session: { digest: 'nobody', person: 'nobody', passwordPosition: 'nobody', expires: 'nobody', token: 'nobody' },
  // The document is a key, which other people may be shown, too.
  subscription: { session: 'nobody', document: 'everybody', person: 'nobody' },
  upload: {
    id: 'nobody',
    address: 'nobody',
    origin: 'everybody',
    name: 'nobody',
    size: 'nobody',
    type: 'everybody',
    width: 'nobody',
    height: 'nobody',
    digest: 'nobody',
    person: 'nobody',
    position: 'nobody',
    at: 'nobody',
  },
  file: {
    id: 'readers',
    address: 'readers',
    origin: 'everybody',
    name: 'readers',
    size: 'readers',
    type: 'everybody',
    width: 'readers',
    height: 'readers',
    digest: 'nobody',
    person: 'everybody',
    room: 'room',
    number: 'readers',
  },
};

/** Columns that hold names of people, which everybody may be sent, beside ids. */
export const withNames: readonly string[] = ['room.people', 'message.author'];

/** Columns whose content is too short or too common to be found in a frame. */
export const notSearched: readonly string[] = [
  'room.closed',
  'room.renamedAt',
  'message.number',
  'message.position',
  'message.font',
  'message.replyTo',
  'message.withheld',
  'message.edits',
  'mute.until',
  'member.role',
  'member.since',
  'room_ban.until',
  'invitation.usesLeft',
  'ban.until',
  'ban.address',
  'account.role',
  'account.deletedAt',
  'credential.position',
  'read.number',
  'shown.number',
  'session.passwordPosition',
  'upload.position',
  'file.number',
];
