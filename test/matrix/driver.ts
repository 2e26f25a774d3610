import type { Font, MessagePattern, Moment, Pattern, Sightings, Spot } from './observations.ts';
import type { Ending, Transport } from './connection.ts';

/** The password of all accounts that are made here, also of those that a protocol makes because it has no guests. */
export const PASSWORD = 'correct horse; battery staple';

/** What was said: as its author knows it once it was acknowledged. `waits` is null where the wire does not tell. */
export type Said = {
  readonly author: string;
  readonly text: string;
  /** Where the wire takes no time of its clients: the server's. */
  readonly time: Moment;
  /** Null where the wire does not tell. */
  readonly id: string | null;
  readonly waits: boolean | null;
  /** Null where none was sent. */
  readonly font: Font | null;
};

/** A text as it is kept and shown: its line breaks are all of one kind. */
export function asKept(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Everything that a row asks a client to do; `guest` is to enter as one. */
export type Action =
  | 'guest'
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
  /** What each request shows to say whose it is, where a connection alone does not say it. */
  readonly proof?: readonly string[];
  /** Sends any frame of this protocol and resolves with the one that answers it. */
  raw(frame: string): Promise<string>;
  /** Comes as somebody new: as a guest, or where the protocol has none, with a new account and `PASSWORD`. */
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
  /** Which of these people are there; null where this protocol does not tell. */
  who(names: readonly string[]): Promise<readonly string[] | null>;
  /** What somebody is called and up to; null where this protocol does not tell. */
  details(name: string): Promise<{ readonly displayName: string; readonly status: string } | null>;
  setStatus(text: string): Promise<void>;
  setDisplayName(text: string): Promise<void>;
  /** Leaves as this protocol does it; resolves when the connection is closed. */
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
  message(said: Said, group: string): MessagePattern | null;
  direct(said: Said): MessagePattern;
  /** What its own person said to `to`, on a connection that was asked to show it; null where none can be asked. */
  ownDirect(said: Said, to: string): MessagePattern | null;
  edited(said: Said, text: string, place: Spot): MessagePattern;
  deleted(said: Said, place: Spot): MessagePattern;
  /** In this order; where it is a group, that has the new name among its members, and not the old one. */
  renamed(before: string, name: string): readonly Pattern[];
  /** Somebody who is still there has another status, or another display name. */
  status(name: string, status: string): Pattern | null;
  displayName(name: string, displayName: string): Pattern | null;
  /** Turned invisible, or left on purpose. */
  left(name: string): Pattern | null;
  /** Came, or is visible again. */
  came(name: string): Pattern | null;
  lost(name: string): Pattern | null;
  banned(name: string, reason: string): Pattern | null;
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
  /** To a message for somebody who cannot get it. */
  readonly unreachable: string;
};

/** A server, as far as a client has to know it. */
export type Reachable = { readonly port: number };

/** What the matrix knows of one protocol. */
export type Driver = {
  readonly protocol: string;
  /** What no client of this protocol can ask for, each with the reason; the nearest that one could try is refused. */
  readonly lacks: { readonly [A in Action]?: string };
  readonly looks: Looks;
  readonly own: Own;
  /** The same where the client asked for an echo of its direct messages; null where that cannot be asked for. */
  readonly ownWithEcho: Own | null;
  readonly answers: Answers;
  /** Whether the last messages of the lobby are shown to newcomers, however often they were shown. */
  readonly history: boolean;
  /** Whether direct messages are lines of the one big room, which a server can be told not to show. */
  readonly privateLines: boolean;
  /** What its clients connect by, the usual one first. */
  readonly transports: readonly [Transport, ...Transport[]];
  /** Those of them by which a message is a line, so that a line break in a text is shown as a blank. */
  readonly oneLine: readonly Transport[];
  /** By the usual transport, if no other is named. */
  connect(server: Reachable, transport?: Transport): Promise<Client>;
};

/** Whether a client of this protocol has a way to ask for that. */
export function can({ lacks }: Driver, action: Action): boolean {
  return lacks[action] === undefined;
}
