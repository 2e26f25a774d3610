import type { Person } from '../core/events.ts';
import type { RoomId } from '../core/ids.ts';
import type { Message } from '../core/message.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Result } from '../lib/result.ts';

/** What an author asks of the world about messages; the connection adds who asks and where. */
export type Speech =
  | { readonly type: 'post'; readonly room: RoomId; readonly text: string; readonly clientTime: number | null }
  | { readonly type: 'edit'; readonly message: string; readonly text: string };

/**
 * What a connection offers its session. Every `done` is called exactly once, always before anything that the request
 * caused is shown on this connection, and at once or later.
 */
export interface Peer {
  /** The room that wires without rooms show. */
  readonly lobby: RoomId;
  /** Who is on this connection, once `enter` succeeded; the name is always the present one. */
  readonly person: Person | null;
  /** Enters as a guest. Requests that arrive meanwhile wait. */
  enter(name: string, done: (result: Result<Person, Refusal>) => void): void;
  /** Changes the guest's name. Requests that arrive meanwhile wait. */
  rename(name: string, done: (result: Result<Person, Refusal>) => void): void;
  speak(speech: Speech, done: (result: Result<Message, Refusal>) => void): void;
  /** Names of all who are present and visible, in order of entering. */
  present(): readonly string[];
  /** From now on this connection shows the room: first its last `history` messages, then all that happens. */
  show(room: RoomId, history: number): void;
  /** Takes the person out of the world on purpose; once that is shown the link ends. */
  leave(): void;
  /** True if one more of what needs no login (a PING) is within this address's limit. */
  mayPing(): boolean;
}
