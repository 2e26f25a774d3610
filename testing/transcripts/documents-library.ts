import { type Client, connect, DocumentsError, register } from '../../src/protocols/documents/client.ts';
import { up, writeDown } from '../../src/protocols/documents/codec.ts';
import type { Down, RequestOf, Up } from '../../src/protocols/documents/schema.ts';
import { JsonFrames } from '../../src/protocols/json-frames.ts';
import { Inbox } from './connections.ts';
import { documentsBarrier } from './documents-lines.ts';
import { recordedSockets } from './recorded-sockets.ts';
import type { TranscriptConnection } from './transcript.ts';

type Request = Extract<Up, { type: 'request'; data: unknown }>;

/** An actor that uses the client library: lines become requests, and what these resolve or reject with becomes lines, in their order. */
export function documentsLibraryConnection(url: string): TranscriptConnection {
  const inbox = new Inbox();
  const { sockets, platform } = recordedSockets(() => {});
  let client: Client | null = null;
  /** All that was asked for so far. */
  let earlier: Promise<unknown> = Promise.resolve();

  /** The library's answer with the id of the transcript. */
  function answered({ id, cls }: { readonly id?: string; readonly cls: string }, outcome: unknown): void {
    if (!(outcome instanceof DocumentsError)) return inbox.push(writeDown({ ...(outcome as Down), id } as Down));
    const { status, serverCode, message: msg } = outcome;
    if (status === null || serverCode === null) throw outcome;
    inbox.push(
      writeDown({ type: 'error', ...(id !== undefined && { id }), cls, status, data: { code: serverCode, msg } }),
    );
  }

  async function logIn({ username: name, password, token }: RequestOf<'login'>['data']): Promise<unknown> {
    const secret = { ...(password !== undefined && { password }), ...(token !== undefined && { token }) };
    client = await connect(url, { name, ...secret, platform });
    client.connection.subscribe(({ value }) => {
      if (value?.type !== 'connected') inbox.push(null);
    });
    return { type: 'result', cls: 'login', status: 200, data: client.session };
  }

  async function makeAccount({ data }: RequestOf<'register'>): Promise<unknown> {
    const { username: name, password, display_name: displayName } = data;
    await register(url, { name, password, ...(displayName !== undefined && { displayName }), platform });
    return { type: 'result', cls: 'register', status: 201 };
  }

  async function askToken(): Promise<unknown> {
    return { type: 'result', cls: 'token', status: 200, data: { token: await client?.token() } };
  }

  function ask(request: Request | RequestOf<'token'>): Promise<unknown> {
    if (request.cls === 'login') return logIn(request.data);
    if (request.cls === 'token') return askToken();
    if (client !== null) return client.request(request.cls, request.data);
    if (request.cls === 'register') return makeAccount(request);
    throw new Error(`the client library asks nothing before it has logged in: ${JSON.stringify(request)}`);
  }

  return {
    /** The library sends no unknown class: it is asked for something else, and the line stands for that answer. */
    barrier: { ...documentsBarrier, ask: (count) => `barrier ${count}` },
    async send(line) {
      const [, count] = /^barrier (\d+)$/.exec(line) ?? [];
      if (count !== undefined) {
        await client?.get(client.keys.self).catch(() => {});
        await earlier;
        return inbox.push(`{"type":"error","id":"barrier ${count}",`);
      }
      const [read] = new JsonFrames(up, 'message').push(new TextEncoder().encode(line));
      const message = read?.ok === true && read.message.type === 'message' ? read.message.message : null;
      if (message?.type !== 'request' || message.cls === 'logout' || message.cls === 'reconnect')
        throw new Error(`the client library cannot send this: ${line}`);
      const outcome = ask(message).catch((error: unknown) => error);
      earlier = Promise.all([earlier, outcome]);
      answered(message, await outcome);
    },
    next: () => inbox.next(),
    close: () => sockets.at(-1)?.close(),
    drop: () => sockets.at(-1)?.terminate(),
  };
}
