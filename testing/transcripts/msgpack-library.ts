import { type Client, connect, MsgpackError, register } from '../../src/protocols/msgpack/client.ts';
import { Inbox } from './connections.ts';
import { valuesOfLine } from './msgpack-lines.ts';
import { recordedSockets } from './recorded-sockets.ts';
import type { TranscriptConnection } from './transcript.ts';

const TOKEN = /[0-9a-f-]{36}$/;
const BARRIER = '["barrier"]';

/**
 * An actor that uses the client library: lines become requests, and responses and updates become lines. The frames on its
 * sockets give their order, and the token, which the library does not expose.
 */
export function msgpackLibraryConnection(url: string): TranscriptConnection {
  const order = new Inbox();
  const answers = new Inbox();
  const updates = new Inbox();
  let token = '';
  let client: Client | null = null;
  const { sockets, platform } = recordedSockets((frame) => {
    const isUpdate = frame.slice(1).startsWith('update');
    if (!isUpdate) token = TOKEN.exec(frame)?.[0] ?? token;
    order.push(isUpdate ? 'update' : 'answer');
  });

  async function answer(work: Promise<unknown>, ...data: readonly (() => string)[]): Promise<void> {
    try {
      await work;
      answers.push(JSON.stringify(['response', true, ...data.map((value) => value())]));
    } catch (error) {
      if (!(error instanceof MsgpackError)) throw error;
      if (error.code !== 'unknown-outcome') answers.push(JSON.stringify(['response', false, error.message]));
    }
  }

  async function open(name: string, password: string): Promise<void> {
    client = await connect(url, { name, password, platform });
    void listen(client);
  }

  async function listen(to: Client): Promise<void> {
    try {
      for await (const event of to) {
        if (event.type === 'offline') break;
        if (event.type === 'update whisper')
          updates.push(JSON.stringify(['update', 'whisper', event.sender, event.content]));
        if (event.type === 'update msg_group')
          updates.push(JSON.stringify(['update', 'msg_group', event.group, event.sender, event.content]));
      }
    } catch (error) {
      if (!(error instanceof MsgpackError)) throw error;
    }
    void to.close();
    if (client !== to) return;
    client = null;
    order.push(null);
  }

  /** Calls the library's method for a request. */
  function request(to: Client, [action, , , first, second]: readonly string[]): Promise<void> {
    switch (action) {
      case 'add_contact':
        return to.addContact(`${first}`);
      case 'create_group':
        return to.createGroup(`${first}`);
      case 'join_group':
        return to.joinGroup(`${first}`);
      case 'whisper':
        return to.whisper(`${first}`, `${second}`);
      case 'msg_group':
        return to.sendToGroup(`${first}`, `${second}`);
      default:
        throw new Error(`the client library cannot send this: ${action}`);
    }
  }

  return {
    send(line) {
      const values = valuesOfLine(line).map(String);
      const [action, name = '', password = ''] = values;
      if (line === BARRIER && client !== null) return void answer(client.addContact(client.name));
      if (line === BARRIER) {
        order.push('answer');
        return answers.push(JSON.stringify(['response', false, 'that is yourself']));
      }
      if (action === 'register') return void answer(register(url, { name, password, platform }));
      if (action === 'login')
        return void answer(
          open(name, password),
          () => client?.name ?? '',
          () => token,
        );
      if (client === null) throw new Error('the client library requests nothing before a login');
      if (action !== 'logout') return void answer(request(client, values));
      const leaving = client;
      client = null;
      void answer(leaving.close());
    },
    async next() {
      const kind = await order.next();
      if (kind === null) return null;
      return kind === 'answer' ? answers.next() : updates.next();
    },
    close: () => sockets.at(-1)?.close(),
    drop: () => sockets.at(-1)?.terminate(),
    barrier: { ask: () => BARRIER, isAnswer: (_, line) => line === '["response",false,"that is yourself"]' },
  };
}
