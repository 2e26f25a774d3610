import { accounts } from './accounts.ts';
import { type Exchange, tcp, type Transport, webSocketBinary, webSocketText, zeroMq } from './client-transports.ts';

/** A protocol on one of its transports. */
export type ConnectionKind = {
  readonly protocol: string;
  readonly transport: Transport;
  /** Prepares logins on the server at this port; returns the login of each connection, by its number. */
  readonly prepareLogin: (port: number) => Promise<(index: number) => Exchange>;
};

/** Every protocol on each transport that its clients use. */
export const connectionKinds: readonly ConnectionKind[] = [
  { protocol: 'c2', transport: webSocketText, prepareLogin: guests(connectC2) },
  { protocol: 'tagged', transport: tcp, prepareLogin: guests(loginTagged) },
  { protocol: 'tagged', transport: webSocketText, prepareLogin: guests(loginTagged) },
  { protocol: 'msgpack', transport: zeroMq, prepareLogin: accounts },
  { protocol: 'msgpack', transport: tcp, prepareLogin: accounts },
  { protocol: 'msgpack', transport: webSocketBinary, prepareLogin: accounts },
  { protocol: 'codechat', transport: tcp, prepareLogin: guests(connectCodechat) },
  { protocol: 'codechat', transport: webSocketText, prepareLogin: guests(connectCodechat) },
  { protocol: 'documents', transport: tcp, prepareLogin: guests(loginDocuments) },
  { protocol: 'documents', transport: webSocketText, prepareLogin: guests(loginDocuments) },
];

export function kindName({ protocol, transport }: ConnectionKind): string {
  return `${protocol} ${transport.name}`;
}

/** Guests log in with a name alone. */
function guests(login: (name: string) => Exchange): ConnectionKind['prepareLogin'] {
  return () => Promise.resolve((index) => login(`idle${index}`));
}

function connectC2(name: string): Exchange {
  return { send: `c2/CONNECT ${name}`, until: /c2\/ACKNOWLEDGE/ };
}

function loginTagged(name: string): Exchange {
  return { send: JSON.stringify({ message: 'login', username: name, tag: '1' }), until: /"result":200/ };
}

function connectCodechat(name: string): Exchange {
  return { send: JSON.stringify({ cmd: 'connect', username: name }), until: /"success":true/ };
}

function loginDocuments(username: string): Exchange {
  const request = { type: 'request', id: '1', cls: 'login', data: { username } };
  return { send: JSON.stringify(request), until: /"status":200/ };
}
