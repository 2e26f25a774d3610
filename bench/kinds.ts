import { accounts } from './accounts.ts';
import { type Carrier, type Step, tcp, webSocketBinary, webSocketText, zeroMq } from './carriers.ts';

/** A way for clients of a protocol to be connected. */
export type Kind = {
  readonly protocol: string;
  readonly carrier: Carrier;
  /** Sees to it that somebody can come in to the server on this port; returns what each connection, by its number, says to do so. */
  readonly prepare: (port: number) => Promise<(index: number) => Step>;
};

/** Every protocol on the transports that its clients use. */
export const kinds: readonly Kind[] = [
  { protocol: 'c2', carrier: webSocketText, prepare: guests(connectC2) },
  { protocol: 'tagged', carrier: tcp, prepare: guests(loginTagged) },
  { protocol: 'tagged', carrier: webSocketText, prepare: guests(loginTagged) },
  { protocol: 'msgpack', carrier: zeroMq, prepare: accounts },
  { protocol: 'msgpack', carrier: tcp, prepare: accounts },
  { protocol: 'msgpack', carrier: webSocketBinary, prepare: accounts },
  { protocol: 'codechat', carrier: tcp, prepare: guests(connectCodechat) },
  { protocol: 'codechat', carrier: webSocketText, prepare: guests(connectCodechat) },
];

/** What a kind is called. */
export function nameOf({ protocol, carrier }: Kind): string {
  return `${protocol} ${carrier.name}`;
}

/** Whoever comes is a guest, and needs nothing but a name. */
function guests(step: (name: string) => Step): Kind['prepare'] {
  return () => Promise.resolve((index) => step(`idle${index}`));
}

function connectC2(name: string): Step {
  return { say: `c2/CONNECT ${name}`, until: /c2\/ACKNOWLEDGE/ };
}

function loginTagged(name: string): Step {
  return { say: JSON.stringify({ message: 'login', username: name, tag: '1' }), until: /"result":200/ };
}

function connectCodechat(name: string): Step {
  return { say: JSON.stringify({ cmd: 'connect', username: name }), until: /"success":true/ };
}
