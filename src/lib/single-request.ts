import { RequestChannel, type ClientCodec } from './request-channel.ts';
import type { Platform } from './platform.ts';

/** What is asked where, and what is made of the reason why there was no answer. */
export type SingleRequest<Up, Reply, Push> = {
  readonly url: string;
  readonly request: Up;
  readonly codec: ClientCodec<Up, Reply, Push>;
  readonly failure: (reason: string) => Error;
};

/**
 * Asks one thing on a connection of its own; resolves with the answer and how many ms it took. Rejects with what `lost`
 * gives, at the latest after `limit` ms, and with what `write` throws.
 */
export function singleRequest<Up, Reply, Push>(
  { url, request, codec: language, failure: lost }: SingleRequest<Up, Reply, Push>,
  limit: number,
  { WebSocket, now, after }: Platform,
): Promise<{ readonly reply: Reply; readonly ms: number }> {
  return new Promise((resolve, reject) => {
    language.encode(request, null);
    const exchange = new RequestChannel(new WebSocket(url), language, {
      open() {
        const start = now();
        exchange.request(request, (reply) => {
          if (reply === null) return;
          resolve({ reply, ms: now() - start });
          exchange.end('done');
        });
      },
      push() {},
      closed(reason) {
        cancel();
        reject(lost(reason));
      },
    });
    const cancel = after(limit, () => exchange.end(`no answer in ${limit / 1000} s`));
  });
}
