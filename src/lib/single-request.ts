import type { Platform } from './platform.ts';
import { type ClientCodec, RequestChannel } from './request-channel.ts';

/** A request on a connection of its own; `failure` makes the error if the connection ends without a reply. */
export type SingleRequest<Up, Reply, Push> = {
  readonly url: string;
  readonly request: Up;
  readonly codec: ClientCodec<Up, Reply, Push>;
  readonly failure: (reason: string) => Error;
};

/**
 * Connects, sends the request and closes; resolves with the reply and its time in ms. Rejects with `failure`, after
 * `timeoutMs` at the latest, or with what `encode` throws.
 */
export function singleRequest<Up, Reply, Push>(
  { url, request, codec, failure }: SingleRequest<Up, Reply, Push>,
  timeoutMs: number,
  { WebSocket, monotonic, after }: Platform,
): Promise<{ readonly reply: Reply; readonly ms: number }> {
  return new Promise((resolve, reject) => {
    codec.encode(request, null);
    const channel = new RequestChannel(new WebSocket(url), codec, {
      open() {
        const start = monotonic();
        channel.request(request, (reply) => {
          if (reply === null) return;
          resolve({ reply, ms: monotonic() - start });
          channel.end('done');
        });
      },
      push() {},
      closed(reason) {
        cancel();
        reject(failure(reason));
      },
    });
    const cancel = after(timeoutMs, () => channel.end(`no answer in ${timeoutMs / 1000} s`));
  });
}
