import { JsonFrames } from '../../src/protocols/json-frames.ts';
import { up, writeDown } from '../../src/protocols/tagged/codec.ts';
import { type Client, connect, type Platform, register, TaggedError } from '../../src/protocols/tagged/client.ts';
import type { Reply, Up, UpOf } from '../../src/protocols/tagged/schema.ts';
import { Inbox } from './connections.ts';
import { recordedSockets } from './recorded-sockets.ts';
import type { TranscriptConnection } from './transcript.ts';

/**
 * An actor that uses the client library: lines become requests, and replies and events become lines. The frames on its
 * sockets give only the order of replies and events.
 */
export function taggedLibraryConnection(url: string): TranscriptConnection {
  const order = new Inbox();
  const replies = new Inbox();
  const events = new Inbox();
  const { sockets, platform: base } = recordedSockets((frame) =>
    order.push('reply' in JSON.parse(frame) ? 'reply' : 'event'),
  );
  let client: Client | null = null;

  const platform: Partial<Platform> = {
    ...base,
    /** The passwords of a transcript are hashes in hex already. */
    sha256: async (bytes) => Uint8Array.from(Buffer.from(new TextDecoder().decode(bytes), 'hex')).buffer,
  };

  /** Replaces the library's own tag by that of the transcript. */
  function answer({ tag: _, ...reply }: Reply, { tag }: Up): void {
    replies.push(writeDown(tag === undefined ? reply : { ...reply, tag }));
  }

  function refused(error: unknown, reply: 'login' | 'default', request: Up): void {
    if (!(error instanceof TaggedError) || error.result === null) throw error;
    answer({ reply, result: error.result, result_message: error.message }, request);
  }

  async function open(request: UpOf<'login'>): Promise<void> {
    const { username: name, password, initial_status: status, echo } = request;
    try {
      client = await connect(url, {
        name,
        platform,
        ...(password && { password }),
        ...(status && { status }),
        ...(echo && { echo }),
      });
      answer({ reply: 'login', result: 200, result_message: 'Success', me: client.me }, request);
      void listen(client);
    } catch (error) {
      refused(error, 'login', request);
    }
  }

  async function createAccount(request: UpOf<'register'>): Promise<void> {
    const { username: name, password, display_name: displayName } = request;
    try {
      await register(url, { name, password, platform, ...(displayName && { displayName }) });
      answer({ reply: 'default', result: 201, result_message: 'Created' }, request);
    } catch (error) {
      refused(error, 'default', request);
    }
  }

  async function listen(to: Client): Promise<void> {
    try {
      for await (const event of to) {
        if (event.message === 'offline') break;
        if (event.message !== 'online' && event.message !== 'missed') events.push(writeDown(event));
      }
    } catch (error) {
      if (!(error instanceof TaggedError)) throw error;
    }
    client = null;
    void to.close();
    order.push(null);
  }

  return {
    async send(line) {
      const [read] = new JsonFrames(up, 'message').push(new TextEncoder().encode(line));
      if (read?.ok !== true || read.message.type === 'flaw')
        throw new Error(`the client library cannot send this: ${line}`);
      const { request } = read.message;
      if (client !== null) {
        if (request.message === 'logout') return void client.close();
        const { tag: _, ...untagged } = request;
        return void client.request(untagged).then((reply) => answer(reply, request));
      }
      if (request.message === 'login') return void open(request);
      if (request.message === 'register') return void createAccount(request);
      if (request.message === 'logout') return order.push(null);
      order.push('reply');
      answer(
        { reply: 'default', result: 401, result_message: 'the client library requests nothing before a login' },
        request,
      );
    },
    async next() {
      const kind = await order.next();
      if (kind === null) return null;
      return kind === 'reply' ? replies.next() : events.next();
    },
    close: () => sockets.at(-1)?.close(),
    drop: () => sockets.at(-1)?.terminate(),
  };
}
