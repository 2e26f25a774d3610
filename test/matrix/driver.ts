import type { CloseInfo, Transport } from './connection.ts';
import type { Conversation, Font, MessagePattern, Observations, Pattern, Timestamp } from './observations.ts';

/** The password of all accounts in these tests. */
export const PASSWORD = 'correct horse; battery staple';

/** A message as its author knows it once the server has acknowledged it. */
export type SentMessage = {
  readonly author: string;
  readonly text: string;
  /** The server's, where the protocol sends no time of the client. */
  readonly time: Timestamp;
  /** As the author's protocol tells it, or null. Protocols may have ids of their own. */
  readonly id: string | null;
  /** Whether it waits for a person who is away; null where the protocol does not tell. */
  readonly waits: boolean | null;
  /** Null where none was sent. */
  readonly font: Font | null;
};

/** The text as the server stores it: with line breaks of one kind. */
export function asStored(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** A message where the protocol tells its author nothing more. */
export function sentBy(author: string, text: string): SentMessage {
  return { author, text: asStored(text), time: 'now', id: null, waits: null, font: null };
}

/** The id in a pattern, where it is one that more than one protocol shows. */
export function sharedId({ id }: SentMessage): { readonly id?: string } {
  return id !== null && /^[0-9a-f-]{36}$/.test(id) ? { id } : {};
}

/** What a row asks of a client; `guest` is to enter as a guest. */
export type Operation =
  | 'guest'
  | 'enter'
  | 'login'
  | 'register'
  | 'sendToLobby'
  | 'sendToGroup'
  | 'sendDirect'
  | 'edit'
  | 'delete'
  | 'rename'
  | 'setStatus'
  | 'setDisplayName';

/** The server refused an operation. Where the protocol has no such request, the client tried the nearest that it has. */
export class Refused extends Error {
  readonly by: string;
  readonly operation: Operation;
  /** The server's words, after the result code where the protocol has one. */
  readonly answer: string;

  constructor(by: string, operation: Operation, answer: string) {
    super(`${by}: ${operation} was refused: ${answer}`);
    this.by = by;
    this.operation = operation;
    this.answer = answer;
  }
}

/** A connection that speaks one protocol. Every promise resolves once the server has answered, or rejects with `Refused`. */
export interface Client {
  readonly protocol: string;
  readonly observed: Observations;
  /** Whether the server knows, after `leave`, that the client has read everything. */
  readonly provesItsEnd: boolean;
  /** The frames that were received, as they came. */
  readonly frames: readonly string[];
  /** The frames that were sent. */
  readonly sent: readonly string[];
  readonly ended: Promise<CloseInfo>;
  /** The name and token that every request carries, in a protocol whose requests do. */
  readonly credentials?: readonly string[];
  /** Sends a frame of this protocol and resolves with the frame that answers it. */
  raw(frame: string): Promise<string>;
  /** Enters as a guest, or where the protocol has none, with a new account and `PASSWORD`. */
  enter(name: string): Promise<void>;
  /** `echo` asks for the person's own direct messages, where the protocol has that. */
  login(name: string, password: string, echo?: boolean): Promise<void>;
  register(name: string, password: string): Promise<void>;
  /** Escapes a text that the protocol would read as a command. */
  sendToLobby(text: string, time: number, font?: Font): Promise<SentMessage>;
  sendToGroup(group: string, text: string, time: number): Promise<SentMessage>;
  sendDirect(name: string, text: string, time: number): Promise<SentMessage>;
  edit(sent: SentMessage, text: string): Promise<void>;
  delete(sent: SentMessage): Promise<void>;
  rename(name: string): Promise<void>;
  /** Which of these people are present; null where the protocol does not tell. */
  who(names: readonly string[]): Promise<readonly string[] | null>;
  /** Null where the protocol does not tell. */
  details(name: string): Promise<{ readonly displayName: string; readonly status: string } | null>;
  setStatus(text: string): Promise<void>;
  setDisplayName(text: string): Promise<void>;
  /** Asks for what is new, in a protocol that shows nothing else; in the others gives it time to come. */
  look(): Promise<void>;
  /** Where the protocol is one of copies that are patched: rejects if one differs from what it is a copy of. */
  checkCopies(): Promise<void>;
  /**
   * After the connection was lost: connects and logs in again, to the same server or this other one, and goes on with its
   * copies, in a protocol that has them.
   */
  reconnect?(server?: Endpoint): Promise<void>;
  /** Leaves as this protocol does it; resolves when the connection is closed. */
  leave(): Promise<void>;
  /** Reads nothing more until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends the connection without a goodbye. */
  cut(): void;
}

/** What a client of this protocol must be shown; null means nothing at all, now or later. */
export type Expectations = {
  /** A message in a group or in the lobby; null for a group that this protocol does not show: the message waits. */
  message(sent: SentMessage, group: string): MessagePattern | null;
  direct(sent: SentMessage): MessagePattern;
  /** What the client's own person sent to `to`, if the client asked for it; null where it cannot ask. */
  ownDirect(sent: SentMessage, to: string): MessagePattern | null;
  edited(sent: SentMessage, text: string, conversation: Conversation): MessagePattern;
  deleted(sent: SentMessage, conversation: Conversation): MessagePattern;
  /** In this order. A group among them lists the new name and no longer the old one. */
  renamed(before: string, name: string): readonly Pattern[];
  status(name: string, status: string): Pattern | null;
  displayName(name: string, displayName: string): Pattern | null;
  /** A person left on purpose, or turned invisible. */
  left(name: string): Pattern | null;
  /** A person entered, or is visible again. */
  entered(name: string): Pattern | null;
  lost(name: string): Pattern | null;
  banned(name: string, reason: string): Pattern | null;
  /** The last message to the banned person; null where the connection just ends. */
  banMessage(name: string, reason: string): Pattern | null;
};

/** Which connections of the author are shown the author's own messages, after the answer. */
export type EchoPolicy = {
  readonly rooms: 'all' | 'others';
  readonly direct: 'all' | 'others' | 'none';
};

/** The texts of some refusals in this protocol. */
export type RefusalTexts = {
  readonly nameTaken: string;
  /** The name belongs to an account; the text says how to log in. */
  readonly nameRegistered: string;
  banned(reason: string): string;
  /** To a direct message that its receiver cannot get. */
  readonly unreachable: string;
};

export type Endpoint = { readonly port: number };

/** What the matrix knows of one protocol. */
export type Driver = {
  readonly protocol: string;
  /** The operations that this protocol has no request for, each with the reason. */
  readonly unsupported: { readonly [O in Operation]?: string };
  readonly expected: Expectations;
  /**
   * Whether a client is shown only what it asks for: the sum of what changed since it last asked. So it may miss what did not
   * last, the order is that of each conversation, and it reads all of a room that it may read.
   */
  readonly asks: boolean;
  readonly echo: EchoPolicy;
  /** The same for a client that asked for its direct messages; null where it cannot ask. */
  readonly echoOnRequest: EchoPolicy | null;
  readonly refusals: RefusalTexts;
  /** Whether everyone who enters is shown the last messages of the lobby, even those already delivered. */
  readonly history: boolean;
  /** Whether direct messages are shown as lines of the lobby, which the option `private-lines` turns off. */
  readonly privateLines: boolean;
  /** The transports of its clients, the usual one first. */
  readonly transports: readonly [Transport, ...Transport[]];
  /** The transports that carry a message as one line, so that a line break in a text is shown as a blank. */
  readonly singleLine: readonly Transport[];
  /** By the usual transport, if no other is named. */
  connect(server: Endpoint, transport?: Transport): Promise<Client>;
};

export function supports({ unsupported }: Driver, operation: Operation): boolean {
  return unsupported[operation] === undefined;
}
