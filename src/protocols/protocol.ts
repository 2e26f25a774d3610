import type { PersonId } from '../core/model/ids.ts';
import type { ProtocolAdapter } from '../connections/protocol-adapter.ts';
import type { Font } from '../core/model/message.ts';
import type { Sniff } from '../transports/accept/detect.ts';
import type { Link } from '../transports/link.ts';

/** Where people upload and get pictures. */
export type MediaFacts = {
  /** The address to which the path of a picture is added, without the slash between them. */
  readonly address: string;
  /** The digest of a picture that this person uploaded, by its path; null if there is none. Rejects while that cannot be known. */
  digestOf(person: PersonId, path: string): Promise<string | null>;
};

/** What every protocol knows about its server. */
export type ServerFacts = {
  readonly name: string;
  /** A random integer below 2^53, the same after every start. */
  readonly id: number;
  /** How many messages of the lobby a person is shown after entering. */
  readonly history: number;
  /** The same for codechat. Its clients expect none. */
  readonly codechatHistory: number;
  /** Whether c2 and codechat, which have no direct messages, show them as marked texts. */
  readonly privateLines: boolean;
  /** Where tagged accepts the hash of a password: everywhere, only over TLS and on this machine, or nowhere. */
  readonly taggedLogins: 'on' | 'tls' | 'off';
  /** Where pictures are. */
  readonly media: MediaFacts;
  /** The font of a text whose author chose none. */
  readonly font: Font;
};

/** Serves a link with a protocol; `connections/` implements it. */
export type Carry = <In, Out>(adapter: ProtocolAdapter<In, Out>, link: Link) => void;

/** What every protocol folder exports from its `index.ts`, and the registry lists. */
export type Protocol = {
  readonly name: string;
  /** A short description. The server shows it at start, and to clients that it does not understand. */
  readonly title: string;
  /** A first message that a person can type on a raw connection; null if it cannot be typed. */
  readonly example: string | null;
  readonly sniff: Sniff;
  /** The type of its WebSocket frames. */
  readonly frames: 'text' | 'binary';
  /** Whether its clients may use ZeroMQ too. */
  readonly zeromq: boolean;
  /** Makes the adapter once; the returned function serves each link with it. */
  open(facts: ServerFacts, carry: Carry): (link: Link) => void;
};
