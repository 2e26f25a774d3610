import type { MessageId, PersonId, RoomId } from './ids.ts';

/** Who wrote something: the person for good, and the name as it was shown at that moment. */
export type Author = { readonly id: PersonId; readonly name: string };

/** A message as it stands after its last change. Times are milliseconds since 1970; order is `number`, never a time. */
export type Message = {
  readonly id: MessageId;
  readonly room: RoomId;
  /** 1, 2, 3 ... in its room, without gaps. */
  readonly number: number;
  /** Position in the room's stream of the entry that posted it. */
  readonly position: number;
  readonly author: Author;
  /** Empty once deleted. */
  readonly text: string;
  /** What the sender's clock said; claimed, never trusted. */
  readonly clientTime: number | null;
  readonly serverTime: number;
  readonly editedAt: number | null;
  readonly deletedAt: number | null;
  /** Positions of the entries that edited it, oldest first. */
  readonly edits: readonly number[];
};
