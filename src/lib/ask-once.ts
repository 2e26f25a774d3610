import { RequestChannel, type ClientCodec } from './request-channel.ts';
import type { Platform } from './platform.ts';

/** What is asked where, and what is made of the reason why there was no answer. */
export type Question<Up, Reply, Push> = {
  readonly url: string;
  readonly request: Up;
  readonly language: ClientCodec<Up, Reply, Push>;
  readonly lost: (reason: string) => Error;
};

/**
 * Asks one thing on a connection of its own; resolves with the answer and how many ms it took. Rejects with what `lost`
 * gives, at the latest after `limit` ms, and with what `write` throws.
 */
export function askOnce<Up, Reply, Push>(
  { url, request, language, lost }: Question<Up, Reply, Push>,
  limit: number,
  { WebSocket, now, after }: Platform,
): Promise<{ readonly reply: Reply; readonly ms: number }> {
  return new Promise((resolve, reject) => {
    language.write(request, null);
    const exchange = new RequestChannel(new WebSocket(url), language, {
      open() {
        const start = now();
        exchange.ask(request, (reply) => {
          if (reply === null) return;
          resolve({ reply, ms: now() - start });
          exchange.end('done');
        });
      },
      push() {},
      lost(reason) {
        cancel();
        reject(lost(reason));
      },
    });
    const cancel = after(limit, () => exchange.end(`no answer in ${limit / 1000} s`));
  });
}
