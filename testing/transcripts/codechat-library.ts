import { type Client, CodechatError, connect, type Request } from '../../src/protocols/codechat/client.ts';
import { up, writeDown } from '../../src/protocols/codechat/codec.ts';
import { JsonFrames } from '../../src/protocols/json-frames.ts';
import type { Status, UpOf } from '../../src/protocols/codechat/schema.ts';
import { Inbox } from './connections.ts';
import { recordedSockets } from './recorded-sockets.ts';
import type { TranscriptConnection } from './transcript.ts';

const done: Status = { success: true, 'error-msg': '', 'success-msg': '' };

/**
 * An actor who speaks through the client library instead of a socket: lines become commands, statuses and events become
 * lines again. The frames on its sockets say only in which order statuses and events came.
 */
export function codechatLibraryConnection(url: string): TranscriptConnection {
  const arrivals = new Inbox();
  const statuses = new Inbox();
  const events = new Inbox();
  const { sockets, platform } = recordedSockets((frame) =>
    arrivals.push('cmd' in JSON.parse(frame) ? 'event' : 'status'),
  );
  let client: Client | null = null;
  /** What was asked last, with its answer. */
  let asked: Promise<void> = Promise.resolve();

  function answer(status: Status): void {
    statuses.push(writeDown(status));
  }

  function refused(error: unknown): void {
    if (!(error instanceof CodechatError)) throw error;
    answer({ ...done, success: false, 'error-msg': error.message });
  }

  async function enter({ username: name, password }: UpOf<'connect'>): Promise<void> {
    try {
      client = await connect(url, { name, platform, ...(password !== undefined && { password }) });
      answer(done);
      void listen(client);
    } catch (error) {
      refused(error);
    }
  }

  async function listen(to: Client): Promise<void> {
    try {
      for await (const event of to) {
        if (event.cmd === 'offline') break;
        if (event.cmd !== 'online' && event.cmd !== 'missed') events.push(writeDown(event));
      }
    } catch (error) {
      refused(error);
    }
    void to.close();
    arrivals.push(null);
  }

  async function ask(of: Client, request: Request): Promise<void> {
    answer(await of.request(request));
  }

  return {
    async send(line) {
      const [read] = new JsonFrames(up, 'message').push(new TextEncoder().encode(line));
      if (!read?.ok) throw new Error(`the client library cannot say this: ${line}`);
      const { message } = read;
      if (client === null && message.cmd === 'connect') return void enter(message);
      if (client === null) {
        arrivals.push('status');
        return refused(new CodechatError('offline', 'not connected'));
      }
      if (message.cmd !== 'exit') {
        asked = ask(client, message);
        return;
      }
      void client.close(); // The library takes the status of this for itself.
      void asked.then(() => answer(done));
    },
    async next() {
      const arrival = await arrivals.next();
      if (arrival === null) return null;
      return arrival === 'status' ? statuses.next() : events.next();
    },
    close: () => sockets.at(-1)?.close(),
    drop: () => sockets.at(-1)?.terminate(),
  };
}
