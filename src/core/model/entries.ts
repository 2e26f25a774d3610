import type { Account } from './account.ts';
import type { Upload } from './file.ts';
import type { Member } from './member.ts';
import type { Message } from './message.ts';
import type { PersonId, RoomId, StreamId, UnitId } from './ids.ts';
import type { Invitation } from './invitation.ts';
import type { RoomRow } from './room.ts';
import type { Token, TokenEnd } from './token.ts';
import type { Unit, UnitMember } from './unit.ts';

/** A durable fact about one room. Entries about a message carry the whole message after the change. */
export type RoomEntry =
  | ({ readonly type: 'room-created'; readonly room: RoomId; readonly at: number } & Omit<RoomRow, 'id'>)
  /** The whole row after the change. */
  | { readonly type: 'room-renamed'; readonly row: RoomRow; readonly at: number }
  | { readonly type: 'message-posted'; readonly message: Message; readonly at: number }
  | { readonly type: 'message-edited'; readonly message: Message; readonly at: number }
  | { readonly type: 'message-deleted'; readonly message: Message; readonly at: number }
  | { readonly type: 'member-joined'; readonly member: Member; readonly at: number }
  /** The whole member after the change. */
  | { readonly type: 'member-changed'; readonly member: Member; readonly at: number }
  | { readonly type: 'member-left'; readonly room: RoomId; readonly person: PersonId; readonly at: number }
  | { readonly type: 'member-banned'; readonly ban: RoomBan; readonly at: number }
  | { readonly type: 'member-unbanned'; readonly room: RoomId; readonly person: PersonId; readonly at: number }
  | { readonly type: 'person-muted'; readonly mute: Mute; readonly at: number }
  | { readonly type: 'person-unmuted'; readonly room: RoomId; readonly skeleton: string; readonly at: number }
  /** The whole invitation after the change: a use is such an entry too. */
  | { readonly type: 'invitation-made' | 'invitation-used'; readonly invitation: Invitation; readonly at: number }
  | { readonly type: 'invitation-ended'; readonly room: RoomId; readonly digest: string; readonly at: number };

/** A durable fact about one person that others are not told. */
export type PersonEntry =
  /** `replaces` is the position of the entry that set the password before; its verifier is not kept. */
  | {
      readonly type: 'password-set';
      readonly person: PersonId;
      readonly verifier: string;
      readonly replaces: number | null;
      readonly at: number;
    }
  | ({
      readonly type: 'contact-added' | 'contact-removed' | 'block-added' | 'block-removed';
      readonly at: number;
    } & Relationship)
  | { readonly type: 'room-joined'; readonly membership: Membership; readonly at: number }
  | { readonly type: 'room-left'; readonly person: PersonId; readonly room: RoomId; readonly at: number }
  | ({ readonly type: 'room-read'; readonly at: number } & ReadPosition)
  /** The whole token after the change: an extension is such an entry too. */
  | { readonly type: 'token-issued'; readonly token: Token; readonly at: number }
  | {
      readonly type: 'token-revoked';
      readonly person: PersonId;
      readonly digest: string;
      readonly why: TokenEnd;
      readonly at: number;
    }
  /** All tokens of the person. */
  | { readonly type: 'tokens-revoked'; readonly person: PersonId; readonly at: number }
  | { readonly type: 'file-uploaded'; readonly upload: Upload; readonly at: number }
  /** The file was sent or dropped. `uploaded` is the position of the entry that has it, of which nothing is kept. */
  | {
      readonly type: 'upload-ended';
      readonly person: PersonId;
      readonly id: string;
      readonly uploaded: number;
      readonly at: number;
    }
  /**
   * Everything of the person but memberships, when the account is deleted; `replaces` is the position of the entry that set
   * the password, whose verifier is not kept, and `uploads` are those of files that were not sent.
   */
  | {
      readonly type: 'person-erased';
      readonly person: PersonId;
      readonly replaces: number | null;
      readonly uploads?: readonly number[];
      readonly at: number;
    };

/** A durable fact about the whole server: accounts, units, bans, and names that are taken for good. */
export type DirectoryEntry =
  | { readonly type: 'name-taken'; readonly name: TakenName; readonly at: number }
  | { readonly type: 'account-created'; readonly account: Account; readonly at: number }
  /** The whole account after the change. */
  | { readonly type: 'account-changed'; readonly account: Account; readonly at: number }
  /** What is kept of it, so that its name is never given out again. */
  | { readonly type: 'account-deleted'; readonly account: Account; readonly at: number }
  | { readonly type: 'unit-created'; readonly unit: Unit; readonly at: number }
  /** The whole unit after the change. */
  | { readonly type: 'unit-changed'; readonly unit: Unit; readonly at: number }
  /** Nobody is in it any more, either. */
  | { readonly type: 'unit-removed'; readonly id: UnitId; readonly at: number }
  | ({ readonly type: 'unit-member-added' | 'unit-member-removed'; readonly at: number } & UnitMember)
  | { readonly type: 'ban-set'; readonly ban: Ban; readonly at: number }
  | { readonly type: 'ban-lifted'; readonly skeleton: string; readonly at: number };

export type EntryBody = RoomEntry | PersonEntry | DirectoryEntry;

/** One entry of exactly one stream; positions count 1, 2, 3 ... in it, without gaps. */
export type Entry = { readonly stream: StreamId; readonly position: number; readonly body: EntryBody };

/** A name that a room has for good. */
export type TakenName = { readonly skeleton: string; readonly name: string; readonly room: RoomId };

/** What one person keeps about another: a contact, or a block. */
export type Relationship = { readonly person: PersonId; readonly other: PersonId };

/** A room that a person is in; `other` is the other person of a direct. */
export type Membership = {
  readonly person: PersonId;
  readonly room: RoomId;
  readonly other: PersonId | null;
  /** The number of the room's last message when the person joined. */
  readonly since: number;
};

/** How far a person has read in a room: a message's number. */
export type ReadPosition = { readonly person: PersonId; readonly room: RoomId; readonly number: number };

/**
 * Nobody may enter under a name of this skeleton until `until` (milliseconds since 1970; `null`: for good). A ban of addresses
 * has their range, such as `203.0.113.0/24`, in place of both: no name has a slash.
 */
export type Ban = {
  readonly skeleton: string;
  readonly name: string;
  readonly reason: string;
  readonly until: number | null;
  readonly address?: true;
};

/** The person cannot become a member of the room until `until` (as in a ban of a name). */
export type RoomBan = {
  readonly room: RoomId;
  readonly person: PersonId;
  readonly reason: string;
  readonly until: number | null;
};

/** Neither this person nor the holder of a name of this skeleton may write in the room until `until` (as in a ban). */
export type Mute = {
  readonly room: RoomId;
  readonly person: PersonId | null;
  readonly skeleton: string;
  readonly until: number | null;
};
