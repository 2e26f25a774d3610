import { type Client, type ClientEvent, connect, ping } from '../../src/protocols/c2/client.ts';
import { readUp, writeDown } from '../../src/protocols/c2/codec.ts';
import type { Down } from '../../src/protocols/c2/schema.ts';
import { Inbox } from './connections.ts';
import { recordedSockets } from './recorded-sockets.ts';
import type { TranscriptConnection } from './transcript.ts';

/**
 * An actor that uses the client library: lines become requests, and answers and events become lines. The frames on its
 * sockets give only the order of answers and events.
 */
export function c2LibraryConnection(url: string): TranscriptConnection {
  const order = new Inbox();
  const answers = new Inbox();
  const events = new Inbox();
  const { sockets, platform } = recordedSockets((frame) =>
    order.push(/^c2\/(ACKNOWLEDGE|ERROR|PING)/.test(frame) ? 'answer' : 'event'),
  );
  let client: Client | null = null;

  function answer(down: Down): void {
    answers.push(writeDown(down));
  }

  async function open(name: string, password: string | null): Promise<void> {
    try {
      client = await connect(url, { name, platform, ...(password === null ? {} : { password }) });
      answer({ type: 'ACKNOWLEDGE', text: client.server });
      void listen(client);
    } catch (error) {
      answer({ type: 'ERROR', reason: (error as Error).message });
    }
  }

  async function listen(to: Client): Promise<void> {
    try {
      for await (const event of to) {
        if (event.type === 'offline') break;
        events.push(writeDown(event as Exclude<ClientEvent, { type: 'offline' | 'online' | 'missed' }>));
      }
    } catch (error) {
      if ((error as { code?: string }).code !== 'banned') throw error;
    }
    void to.close();
    order.push(null);
  }

  return {
    async send(line) {
      const read = readUp(line);
      if (!read.ok) throw new Error(`the client library cannot send this: ${read.reason}`);
      const { message } = read;
      if (client === null && message.type === 'CONNECT') return void open(message.username, message.password);
      if (client === null && message.type === 'PING') {
        const { server } = await ping(url, platform);
        return answer({ type: 'PING', timestamp: null, server });
      }
      if (client === null) throw new Error('the client library sends nothing before it has connected');
      if (message.type === 'DISCONNECT') return void client.close();
      void client.request(message).then(answer);
    },
    async next() {
      const kind = await order.next();
      if (kind === null) return null;
      return kind === 'answer' ? answers.next() : events.next();
    },
    close: () => sockets.at(-1)?.close(),
    drop: () => sockets.at(-1)?.terminate(),
  };
}
