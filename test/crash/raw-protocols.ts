import { connect } from 'node:net';
import { once } from 'node:events';
import { encode } from '@msgpack/msgpack';

/** Just enough of a protocol to send messages and count answers in raw bytes. */
export type RawProtocol = {
  /** The requests that log in; each may depend on what was received before. */
  logIn(name: string): readonly ((received: string) => Uint8Array)[];
  /** The request that posts a text to the lobby; `token` is what `token` finds in the answers to the login, if anything. */
  post(name: string, token: string, text: string): Uint8Array;
  /** Matches each answer once, in the bytes as latin1. */
  readonly answer: RegExp;
  /** Finds what later requests need in the answers to the login: a token, or the id of the lobby. */
  readonly token: RegExp;
};

const text = (value: string) => Buffer.from(value);
const json = (value: object) => text(JSON.stringify(value));
const values = (...all: readonly string[]) => Buffer.concat(all.map((value) => encode(value)));
const NONE = /(?!)/;

export const rawProtocols: Readonly<Record<string, RawProtocol>> = {
  c2: {
    logIn: (name) => [() => text(`c2/CONNECT ${name}\n`)],
    post: (_name, _token, sent) => text(`c2/MSG 1; ${sent}\n`),
    answer: /c2\/ACKNOWLEDGE/g,
    token: NONE,
  },
  tagged: {
    logIn: (name) => [() => json({ message: 'login', username: name })],
    post: (_name, _token, sent) =>
      json({
        message: 'chat.group',
        to: 'lobby',
        body: text(sent).toString('base64'),
        timestamp: '2014-06-16T20:13:59.128Z',
      }),
    answer: /"reply":"/g,
    token: NONE,
  },
  codechat: {
    logIn: (name) => [() => json({ cmd: 'connect', username: name })],
    post: (_name, _token, sent) => json({ cmd: 'msg', msg: sent }),
    answer: /"success":/g,
    token: NONE,
  },
  documents: {
    logIn: (username) => [
      () => documentsRequest('login', { username }),
      (received) => {
        const id = Number(/"rooms","id":(\d+)/.exec(received)?.[1]);
        return documentsRequest('get_children', { key: { type: 'rooms', id } });
      },
    ],
    post: (_name, token, sent) => {
      const key = { type: 'room', id: Number(token) };
      return documentsRequest('add_child', { key, obj: { key: { type: 'msg' }, text: sent } });
    },
    answer: /"cls":"/g,
    token: /"room","id":(\d+)},"name":"lobby"/,
  },
  msgpack: {
    logIn: (name) => [() => values('register', name, 'hunter2'), () => values('login', name, 'hunter2')],
    post: (name, token, sent) => values('msg_group', name, token, 'lobby', sent),
    answer: /\xa8response/g,
    token: /\xd9\x24([0-9a-f-]{36})/,
  },
};

function documentsRequest(cls: string, data: object): Uint8Array {
  return json({ type: 'request', id: '1', cls, data });
}

/** Logs in and sends the texts one by one, each after the answer to the one before. Gives its local port to `onPort`. */
export async function sendMessages(
  protocol: RawProtocol,
  port: number,
  name: string,
  texts: readonly string[],
  onPort: (port: number) => void,
): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  onPort(socket.localPort ?? 0);
  let received = '';
  let asked = 0;
  const ask = async (request: Uint8Array) => {
    socket.write(request);
    asked += 1;
    while ((received.match(protocol.answer)?.length ?? 0) < asked)
      received += (await once(socket, 'data'))[0].toString('latin1');
  };
  for (const request of protocol.logIn(name)) await ask(request(received));
  const token = protocol.token.exec(received)?.[1] ?? '';
  for (const sent of texts) await ask(protocol.post(name, token, sent));
  socket.destroy();
}
