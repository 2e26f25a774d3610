import type { Account } from './account.ts';
import type { Ban, Mute, ReadPosition, Relationship, RoomBan, TakenName } from './entries.ts';
import type { FileRow, Upload } from './file.ts';
import type { PersonId, RoomId, StreamId, UnitId } from './ids.ts';
import type { Invitation } from './invitation.ts';
import type { Member } from './member.ts';
import type { Message } from './message.ts';
import type { RoomRow } from './room.ts';
import type { SessionRow, SubscriptionRow } from './session.ts';
import type { Token } from './token.ts';
import type { Unit, UnitMember } from './unit.ts';

/** The verifier of a password, and the position of the entry that set it. */
export type Credential = { readonly person: PersonId; readonly verifier: string; readonly position: number };

/** Up to which message number a room was delivered to a person, on any connection. Follows from no entry. */
export type DeliveryMarkerRow = { readonly person: PersonId; readonly room: RoomId; readonly number: number };

/** The delivery markers of one person: rooms, and the number that each has. */
export type RoomMarkers = readonly (readonly [RoomId, number])[];

/** The tables of current state, with the type of their rows. */
export type Tables = {
  room: RoomRow;
  message: Message;
  mute: Mute;
  member: Member;
  room_ban: RoomBan;
  invitation: Invitation;
  ban: Ban;
  name: TakenName;
  account: Account;
  credential: Credential;
  contact: Relationship;
  block: Relationship;
  read: ReadPosition;
  token: Token;
  shown: DeliveryMarkerRow;
  unit: Unit;
  unit_member: UnitMember;
  session: SessionRow;
  subscription: SubscriptionRow;
  upload: Upload;
  file: FileRow;
};

export type TableName = keyof Tables;

/** The tables of what one person keeps. */
export const PERSON_TABLES = [
  'credential',
  'contact',
  'block',
  'read',
  'token',
  'shown',
  'session',
  'subscription',
  'upload',
] as const;
export type PersonTable = (typeof PERSON_TABLES)[number];

/**
 * A change of current state. All tables but `shown`, `session` and `subscription` follow from entries and can be made again
 * from the streams.
 */
export type RowChange =
  | { [T in TableName]: { readonly op: 'put'; readonly table: T; readonly row: Tables[T] } }[TableName]
  | { readonly op: 'drop'; readonly table: 'mute'; readonly room: RoomId; readonly skeleton: string }
  | { readonly op: 'drop'; readonly table: 'ban'; readonly skeleton: string }
  | { readonly op: 'drop'; readonly table: 'member' | 'room_ban'; readonly room: RoomId; readonly person: PersonId }
  | ({ readonly op: 'drop'; readonly table: 'contact' | 'block' } & Relationship)
  | { readonly op: 'drop'; readonly table: 'token' | 'session' | 'invitation'; readonly digest: string }
  | ({ readonly op: 'drop'; readonly table: 'subscription' } & Omit<SubscriptionRow, 'person'>)
  | { readonly op: 'drop'; readonly table: 'unit'; readonly id: UnitId }
  | { readonly op: 'drop'; readonly table: 'upload'; readonly id: string }
  | { readonly op: 'drop'; readonly table: 'file'; readonly room: RoomId; readonly number: number }
  | ({ readonly op: 'drop'; readonly table: 'unit_member' } & UnitMember)
  | { readonly op: 'drop-all'; readonly table: PersonTable; readonly person: PersonId }
  | { readonly op: 'drop-all'; readonly table: 'unit_member'; readonly unit: UnitId }
  | { readonly op: 'drop-all'; readonly table: 'subscription'; readonly session: string }
  /** Writes a session again, unless it has ended. */
  | { readonly op: 'renew'; readonly table: 'session'; readonly row: SessionRow }
  /** Ends the sessions of a person that rest on this token, with what they subscribe to. */
  | { readonly op: 'end-sessions'; readonly person: PersonId; readonly token: string }
  /** Blanks the text and the file of messages, verifiers and uploads in these entries of the stream. */
  | { readonly op: 'redact'; readonly stream: StreamId; readonly positions: readonly number[] };

/** Ends all sessions of a person, with what they subscribe to. */
export function endOfSessions(person: PersonId): RowChange[] {
  return [
    { op: 'drop-all', table: 'session', person },
    { op: 'drop-all', table: 'subscription', person },
  ];
}
