import { type Client, CodechatError, connect, type Request } from '../../src/protocols/codechat/client.ts';
import { up, writeDown } from '../../src/protocols/codechat/codec.ts';
import { JsonFrames } from '../../src/protocols/json-frames.ts';
import type { Status, UpOf } from '../../src/protocols/codechat/schema.ts';
import { Inbox } from './connections.ts';
import { recordedSockets } from './recorded-sockets.ts';
import type { TranscriptConnection } from './transcript.ts';

const done: Status = { success: true, 'error-msg': '', 'success-msg': '' };

/**
 * An actor that uses the client library: lines become commands, and statuses and events become lines. The frames on its
 * sockets give only the order of statuses and events.
 */
export function codechatLibraryConnection(url: string): TranscriptConnection {
  const order = new Inbox();
  const statuses = new Inbox();
  const events = new Inbox();
  const { sockets, platform } = recordedSockets((frame) => order.push('cmd' in JSON.parse(frame) ? 'event' : 'status'));
  let client: Client | null = null;
  /** Settles when the last command is answered. */
  let lastCommand: Promise<void> = Promise.resolve();

  function answer(status: Status): void {
    statuses.push(writeDown(status));
  }

  function refused(error: unknown): void {
    if (!(error instanceof CodechatError)) throw error;
    answer({ ...done, success: false, 'error-msg': error.message });
  }

  async function open({ username: name, password }: UpOf<'connect'>): Promise<void> {
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
    order.push(null);
  }

  async function request(to: Client, message: Request): Promise<void> {
    answer(await to.request(message));
  }

  return {
    async send(line) {
      const [read] = new JsonFrames(up, 'message').push(new TextEncoder().encode(line));
      if (!read?.ok) throw new Error(`the client library cannot send this: ${line}`);
      const { message } = read;
      if (client === null && message.cmd === 'connect') return void open(message);
      if (client === null) {
        order.push('status');
        return refused(new CodechatError('offline', 'not connected'));
      }
      if (message.cmd !== 'exit') {
        lastCommand = request(client, message);
        return;
      }
      void client.close(); // The library keeps the status of `exit` to itself.
      void lastCommand.then(() => answer(done));
    },
    async next() {
      const kind = await order.next();
      if (kind === null) return null;
      return kind === 'status' ? statuses.next() : events.next();
    },
    close: () => sockets.at(-1)?.close(),
    drop: () => sockets.at(-1)?.terminate(),
  };
}
