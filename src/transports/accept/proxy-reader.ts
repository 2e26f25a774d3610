import type { Socket } from 'node:net';
import type { Clock, Log } from '../../core/ports.ts';
import { OnceAMinute } from './once-a-minute.ts';
import { readProxyHeader } from './proxy-header.ts';

/** For the whole header, which a proxy sends at once. */
const HEADER_MS = 5_000;

/** Reads the header of the PROXY protocol from sockets that it is given. */
export class ProxyReader {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #refused: OnceAMinute;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#refused = new OnceAMinute(clock);
  }

  /**
   * Takes a paused socket that begins with such a header, and gives it back, flowing, with the address that the header names
   * or null. A header that is invalid or late destroys it and is logged.
   */
  take(socket: Socket, proxy: string, done: (source: string | null) => void): void {
    let received = Buffer.alloc(0);
    const refuse = (reason: string) => {
      if (this.#refused.isFirst(proxy)) this.#log.warn('proxy-header-refused', { address: proxy, reason }); // PORT-77
      socket.destroy();
    };
    const cancel = this.#clock.after(HEADER_MS, () => refuse('it was not complete after 5 s')); // PORT-77
    const onData = (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      const header = readProxyHeader(received);
      if (header.type === 'more') return;
      cancel();
      if (header.type === 'invalid') return refuse(header.reason); // PORT-77
      socket.off('data', onData);
      socket.off('close', cancel);
      socket.pause();
      if (received.length > header.length) socket.unshift(received.subarray(header.length));
      done(header.source);
      socket.resume();
    };
    socket.on('data', onData);
    socket.once('close', cancel);
    socket.resume();
  }
}
