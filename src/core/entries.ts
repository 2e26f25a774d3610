import type { PersonId, RoomId, StreamId } from './ids.ts';
import type { Message } from './message.ts';

/** A durable fact about one room. Message entries carry the whole message as it is after them. */
export type RoomEntry =
  | {
      readonly type: 'room-created';
      readonly room: RoomId;
      readonly identity: string;
      readonly name: string;
      readonly at: number;
    }
  | { readonly type: 'message-posted'; readonly message: Message; readonly at: number }
  | { readonly type: 'message-edited'; readonly message: Message; readonly at: number }
  | { readonly type: 'message-deleted'; readonly message: Message; readonly at: number }
  | { readonly type: 'person-muted'; readonly mute: Mute; readonly at: number }
  | { readonly type: 'person-unmuted'; readonly room: RoomId; readonly skeleton: string; readonly at: number };

/** A durable fact about the whole server: who may come, and which names are taken for good. */
export type DirectoryEntry =
  | { readonly type: 'name-taken'; readonly name: TakenName; readonly at: number }
  | { readonly type: 'ban-set'; readonly ban: Ban; readonly at: number }
  | { readonly type: 'ban-lifted'; readonly skeleton: string; readonly at: number };

export type EntryBody = RoomEntry | DirectoryEntry;

/** One entry of exactly one stream; positions count 1, 2, 3 ... in it, without gaps. */
export type Entry = { readonly stream: StreamId; readonly position: number; readonly body: EntryBody };

/** A name that is not given out again. */
export type TakenName = { readonly skeleton: string; readonly name: string; readonly room: RoomId };

/** Nobody may enter under a name of this skeleton until then (`null`: for good). */
export type Ban = {
  readonly skeleton: string;
  readonly name: string;
  readonly reason: string;
  readonly until: number | null;
};

/** Neither this person nor whoever bears a name of this skeleton may write in the room until then. */
export type Mute = {
  readonly room: RoomId;
  readonly person: PersonId | null;
  readonly skeleton: string;
  readonly until: number | null;
};
