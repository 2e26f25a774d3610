import type { FileInfo } from './file.ts';
import type { MessageId, PersonId, RoomId } from './ids.ts';

/** Names a message by its room and its number there. */
export type MessageRef = { readonly room: RoomId; readonly number: number };

/** How a request names a message: by its id, or by its room and its number there. */
export type MessageAddress = MessageId | MessageRef;

/** The author of a message: the person, and the name at that moment. */
export type Author = { readonly id: PersonId; readonly name: string };

/** How a text is to look. The limits keep it harmless on pages and terminals. */
export type Font = {
  /** 1 to 40 letters, digits, blanks and `-`. */
  readonly family: string;
  /** `#rrggbb`. */
  readonly color: string;
  /** Some of `b`, `i`, `u` and `s`. */
  readonly style: string;
};

/** A withheld message: its number, and its author, who alone is shown it. */
export type Withheld = { readonly number: number; readonly author: PersonId };

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
  /** Missing where the author chose none. */
  readonly font?: Font;
  /** The number of the message in the same room that this one answers. */
  readonly replyTo?: number;
  /** By which way it was said: a short word of the connection, such as the name of a protocol. Missing for older messages. */
  readonly via?: string;
  /** The file that came with the message; gone once deleted. */
  readonly file?: FileInfo;
  /** The receiver blocks the author: only the author is shown the message. */
  readonly withheld?: true;
  /** The time that the sender's client claims; never trusted. */
  readonly clientTime: number | null;
  readonly serverTime: number;
  readonly editedAt: number | null;
  readonly deletedAt: number | null;
  /** Positions of the entries that edited it, oldest first. */
  readonly edits: readonly number[];
};

/** A withheld message as the state of its room has it. */
export function withheldOf({ number, author }: Message): Withheld {
  return { number, author: author.id };
}

/** A message as it is shown: with the beginning of the message that it answers. That is never stored. */
export type ShownMessage = Message & { readonly quote?: string };
