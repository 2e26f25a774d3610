import { connect } from 'node:net';
import { once } from 'node:events';
import { encode } from '@msgpack/msgpack';

/** What is left of a wire when all that counts is when answers leave: raw bytes, and what an answer looks like in them. */
export type TracedWire = {
  /** Comes in under a name, in as many requests as it takes. */
  enter(name: string): readonly Uint8Array[];
  /** Says something in the lobby, where the one who says it has shown this token. */
  say(name: string, token: string, text: string): Uint8Array;
  /** Matches each answer once, in the bytes as latin1. */
  readonly answer: RegExp;
  /** The token in an answer, if there is one. */
  readonly token: RegExp;
};

const text = (value: string) => Buffer.from(value);
const json = (value: object) => text(JSON.stringify(value));
const values = (...all: readonly string[]) => Buffer.concat(all.map((value) => encode(value)));
const NONE = /(?!)/;

export const wires: Readonly<Record<string, TracedWire>> = {
  c2: {
    enter: (name) => [text(`c2/CONNECT ${name}\n`)],
    say: (_name, _token, said) => text(`c2/MSG 1; ${said}\n`),
    answer: /c2\/ACKNOWLEDGE/g,
    token: NONE,
  },
  tagged: {
    enter: (name) => [json({ message: 'login', username: name })],
    say: (_name, _token, said) =>
      json({
        message: 'chat.group',
        to: 'lobby',
        body: text(said).toString('base64'),
        timestamp: '2014-06-16T20:13:59.128Z',
      }),
    answer: /"reply":"/g,
    token: NONE,
  },
  codechat: {
    enter: (name) => [json({ cmd: 'connect', username: name })],
    say: (_name, _token, said) => json({ cmd: 'msg', msg: said }),
    answer: /"success":/g,
    token: NONE,
  },
  msgpack: {
    enter: (name) => [values('register', name, 'hunter2'), values('login', name, 'hunter2')],
    say: (name, token, said) => values('msg_group', name, token, 'lobby', said),
    answer: /\xa8response/g,
    token: /\xd9\x24([0-9a-f-]{36})/,
  },
};

/** Comes in and says one thing after the other, each when the one before is answered; gives the port it spoke from to `from`. */
export async function speak(
  wire: TracedWire,
  port: number,
  name: string,
  texts: readonly string[],
  from: (port: number) => void,
): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  from(socket.localPort ?? 0);
  let heard = '';
  let asked = 0;
  const ask = async (request: Uint8Array) => {
    socket.write(request);
    asked += 1;
    while ((heard.match(wire.answer)?.length ?? 0) < asked) heard += (await once(socket, 'data'))[0].toString('latin1');
  };
  for (const request of wire.enter(name)) await ask(request);
  const token = wire.token.exec(heard)?.[1] ?? '';
  for (const said of texts) await ask(wire.say(name, token, said));
  socket.destroy();
}
