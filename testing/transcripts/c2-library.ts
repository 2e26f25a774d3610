import { type Client, type ClientEvent, connect, ping } from '../../src/protocols/c2/client.ts';
import { readUp, writeDown } from '../../src/protocols/c2/codec.ts';
import type { Down } from '../../src/protocols/c2/schema.ts';
import { Inbox } from './connections.ts';
import { recordedSockets } from './recorded-sockets.ts';
import type { TranscriptConnection } from './transcript.ts';

/**
 * An actor who speaks through the client library instead of a socket: lines become requests, answers and events become
 * lines again. The frames on its sockets say only in which order answers and events came.
 */
export function c2LibraryConnection(url: string): TranscriptConnection {
  const arrivals = new Inbox();
  const answers = new Inbox();
  const events = new Inbox();
  const { sockets, platform } = recordedSockets((frame) =>
    arrivals.push(/^c2\/(ACKNOWLEDGE|ERROR|PING)/.test(frame) ? 'answer' : 'event'),
  );
  let client: Client | null = null;

  function answer(down: Down): void {
    answers.push(writeDown(down));
  }

  async function enter(name: string, password: string | null): Promise<void> {
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
    arrivals.push(null);
  }

  return {
    async send(line) {
      const read = readUp(line);
      if (!read.ok) throw new Error(`the client library cannot say this: ${read.reason}`);
      const { message } = read;
      if (client === null && message.type === 'CONNECT') return void enter(message.username, message.password);
      if (client === null && message.type === 'PING') {
        const { server } = await ping(url, platform);
        return answer({ type: 'PING', timestamp: null, server });
      }
      if (client === null) throw new Error('the client library says nothing before it has connected');
      if (message.type === 'DISCONNECT') return void client.close();
      void client.request(message).then(answer);
    },
    async next() {
      const arrival = await arrivals.next();
      if (arrival === null) return null;
      return arrival === 'answer' ? answers.next() : events.next();
    },
    close: () => sockets.at(-1)?.close(),
    drop: () => sockets.at(-1)?.terminate(),
  };
}
