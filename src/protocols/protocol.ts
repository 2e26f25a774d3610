import type { ProtocolAdapter } from '../connections/protocol-adapter.ts';
import type { Font } from '../core/model/message.ts';
import type { Sniff } from '../transports/accept/detect.ts';
import type { Link } from '../transports/link.ts';

/** What every protocol is told about the server it is part of. */
export type ServerFacts = {
  readonly name: string;
  /** A random integer below 2^53, the same after every start. */
  readonly id: number;
  /** How many messages of the lobby a newcomer is shown. */
  readonly history: number;
  /** The same for codechat, whose clients expect none. */
  readonly codechatHistory: number;
  /** Whether wires that have no direct messages show them all the same, as lines of their own kind. */
  readonly privateLines: boolean;
  /** Where a hash of the password is enough to log in. */
  readonly taggedLogins: 'on' | 'tls' | 'off';
  /** How texts look whose author said nothing about it. */
  readonly font: Font;
};

/** Carries one link by one wire; how is the business of `connections/`. */
export type Carry = <In, Out>(adapter: ProtocolAdapter<In, Out>, link: Link) => void;

/** What every protocol folder provides: one of these, in its `index.ts`, named in the registry. */
export type Protocol = {
  readonly name: string;
  /** Shown at start and to strangers: what it is, in a few words. */
  readonly title: string;
  /** What a person can type first on a raw connection to try it; null if that cannot be typed. */
  readonly example: string | null;
  readonly sniff: Sniff;
  /** How its messages are sent on a WebSocket. */
  readonly frames: 'text' | 'binary';
  /** Whether its clients come by ZeroMQ too. */
  readonly zeromq: boolean;
  /** Makes the wire once; the function it returns takes links. */
  open(facts: ServerFacts, carry: Carry): (link: Link) => void;
};
