import type { MessageId, PersonId, RoomId } from './ids.ts';

/** Who wrote something: the person for good, and the name as it was shown at that moment. */
export type Author = { readonly id: PersonId; readonly name: string };

/** How a text is to look: safe by construction, since it reaches pages and terminals. */
export type Font = {
  /** 1 to 40 letters, digits, blanks and `-`. */
  readonly family: string;
  /** `#rrggbb`. */
  readonly color: string;
  /** Some of `b`, `i`, `u` and `s`. */
  readonly style: string;
};

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
  /** Missing where the author said nothing about it. */
  readonly font?: Font;
  /** The one it was written to blocks its author: nobody but the author is shown it. */
  readonly withheld?: true;
  /** What the sender's clock said; claimed, never trusted. */
  readonly clientTime: number | null;
  readonly serverTime: number;
  readonly editedAt: number | null;
  readonly deletedAt: number | null;
  /** Positions of the entries that edited it, oldest first. */
  readonly edits: readonly number[];
};
