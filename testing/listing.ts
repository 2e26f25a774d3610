import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Condition } from './condition.ts';
import type { Cleanup } from './temporary.ts';

/** A request that a fake listing got. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  /** The header `Authorization`. */
  readonly authorization: string | null;
  /** The JSON of its body; null if it is empty. */
  readonly body: unknown;
};

/** What it is answered with; null leaves it without an answer. */
export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
} | null;

/** A listing service on a free port of 127.0.0.1 that answers as a test wants. */
export type FakeListing = {
  readonly url: string;
  /** Every request so far. */
  readonly asked: readonly Asked[];
  /** Resolves with the first request that `matches`, now or later. */
  request(matches: (asked: Asked) => boolean): Promise<Asked>;
};

/** Starts a fake listing; it ends with the test. */
export async function startFakeListing(cleanup: Cleanup, answer: (asked: Asked) => Answer): Promise<FakeListing> {
  const asked: Asked[] = [];
  const changes = new Condition();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { method = '', url: path = '', headers } = request;
    const parsed: unknown = body === '' ? null : JSON.parse(body);
    const found = { method, path, authorization: headers.authorization ?? null, body: parsed };
    const answered = answer(found);
    if (answered !== null) response.writeHead(answered.status, answered.headers).end(answered.body ?? '');
    asked.push(found);
    changes.notify();
  }

  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.after(async () => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async request(matches) {
      await changes.until(() => asked.some(matches));
      return asked.find(matches) as Asked;
    },
  };
}

/** Answers as a listing does that takes everything; the key of every server is `key`. */
export function acceptAll(key: string): (asked: Asked) => Answer {
  return ({ method }) => (method === 'POST' ? { status: 201, body: key } : { status: 200 });
}
