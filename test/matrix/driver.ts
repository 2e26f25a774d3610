import type { Font, Pattern, Sightings, Spot } from './sightings.ts';
import type { Ending, Transport } from './wire.ts';

/** What was said: as its author knows it once it was acknowledged. `waits` is null where the wire does not tell. */
export type Said = {
  readonly author: string;
  readonly text: string;
  readonly time: number;
  readonly id: string;
  readonly waits: boolean | null;
  /** Null where none was sent. */
  readonly font: Font | null;
};

/** A text as it is kept and shown: its line breaks are all of one kind. */
export function asKept(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Everything that a row asks a client to do. */
export type Action =
  | 'enter'
  | 'login'
  | 'register'
  | 'sayInLobby'
  | 'sayInGroup'
  | 'tell'
  | 'edit'
  | 'delete'
  | 'rename'
  | 'setStatus'
  | 'setDisplayName';

/** The server said no, or the wire has no way to ask; then the nearest that a client could try was refused. */
export class Refused extends Error {
  readonly by: string;
  readonly action: Action;
  /** The words for it, and the result where the wire has such. */
  readonly answer: string;

  constructor(by: string, action: Action, answer: string) {
    super(`${by}: ${action} was refused: ${answer}`);
    this.by = by;
    this.action = action;
    this.answer = answer;
  }
}

/** One connection of somebody, by any protocol. Everything resolves once the server has answered, or rejects with `Refused`. */
export interface Client {
  readonly protocol: string;
  readonly sightings: Sightings;
  /** Every frame that came, as it came. */
  readonly frames: readonly string[];
  /** Every frame that was sent, as it was sent. */
  readonly sent: readonly string[];
  readonly ended: Promise<Ending>;
  /** Sends any frame of this protocol and resolves with the one that answers it. */
  raw(frame: string): Promise<string>;
  enter(name: string): Promise<void>;
  login(name: string, password: string, own?: 'echo'): Promise<void>;
  register(name: string, password: string): Promise<void>;
  /** With this font, where the protocol has such; a text that would be read as a command is sent so that it is none. */
  sayInLobby(text: string, time: number, font?: Font): Promise<Said>;
  sayInGroup(group: string, text: string, time: number): Promise<Said>;
  tell(name: string, text: string, time: number): Promise<Said>;
  edit(said: Said, text: string): Promise<void>;
  delete(said: Said): Promise<void>;
  rename(name: string): Promise<void>;
  /** Which of these people are there, as far as this protocol shows it. */
  who(names: readonly string[]): Promise<readonly string[]>;
  /** What somebody is called and up to; null where this protocol does not tell. */
  details(name: string): Promise<{ readonly displayName: string; readonly status: string } | null>;
  setStatus(text: string): Promise<void>;
  setDisplayName(text: string): Promise<void>;
  /** Leaves as this protocol does it; resolves when the server has closed the connection. */
  leave(): Promise<void>;
  /** Takes nothing of what comes until `resume`. */
  pause(): void;
  resume(): void;
  /** The line is cut. */
  cut(): void;
}

/** What a client of this protocol must be shown; null: nothing of it, now or later. */
export type Looks = {
  /** A message in a group or in the lobby; null for groups that this protocol does not show: it waits. */
  message(said: Said, group: string): Pattern | null;
  direct(said: Said): Pattern;
  /** What its own person said to `to`, on a connection that was asked to show it. */
  ownDirect(said: Said, to: string): Pattern;
  edited(said: Said, text: string, place: Spot): Pattern;
  deleted(said: Said, place: Spot): Pattern;
  /** In this order; where it is a group, that has the new name among its members, and not the old one. */
  renamed(before: string, name: string): readonly Pattern[];
  /** Somebody who is still there has another status, or another display name. */
  status(name: string, status: string): Pattern | null;
  displayName(name: string, displayName: string): Pattern | null;
  /** Turned invisible, or left on purpose. */
  left(name: string): Pattern;
  lost(name: string): Pattern;
  banned(name: string, reason: string): Pattern;
  /** The last words to somebody who is banned; null: none but the end of the connection. */
  lastWords(name: string, reason: string): Pattern | null;
};

/** Which of one's own words one's own connections show, after the answer. */
export type Own = {
  /** In rooms: on all connections, or on the others only. */
  readonly rooms: 'all' | 'others';
  /** To one person. */
  readonly direct: 'all' | 'others' | 'none';
};

/** The answers that are the same whoever asks. */
export type Answers = {
  readonly nameTaken: string;
  banned(reason: string): string;
};

/** A server, as far as a client has to know it. */
export type Reachable = { readonly port: number };

/** What the matrix knows of one protocol. */
export type Driver = {
  readonly protocol: string;
  readonly looks: Looks;
  readonly own: Own;
  /** The same where the client asked for an echo of its direct messages; null where that cannot be asked for. */
  readonly ownWithEcho: Own | null;
  readonly answers: Answers;
  /** Whether the last messages of the lobby are shown to newcomers, however often they were shown. */
  readonly history: boolean;
  connect(server: Reachable, transport?: Transport): Promise<Client>;
};
