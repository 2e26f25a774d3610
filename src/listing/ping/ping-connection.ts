import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ListedAddress } from '../address.ts';

/** The most bytes of the head of the handshake's answer. */
export const MAX_HEAD_BYTES = 4 * 1_024;
/** The most bytes that may come after the head. */
export const MAX_ANSWER_BYTES = 1_024;

/** Where a ping goes: to these addresses, whatever the host resolves to meanwhile. */
export type PingTarget = Pick<ListedAddress, 'host' | 'port' | 'isSecure'> & { readonly addresses: readonly string[] };

/** The connection of one ping. It destroys itself when more bytes come than a ping needs. */
export class PingConnection {
  #socket: Socket | null = null;
  /** Head and answer may come together. */
  #left = MAX_HEAD_BYTES + MAX_ANSWER_BYTES;

  open({ host, port, addresses, isSecure }: PingTarget): Socket {
    const to = { host, port, lookup: onlyTo(addresses) };
    const socket = isSecure
      ? connectTls({ ...to, servername: isIP(host) === 0 ? host : '', rejectUnauthorized: true }) // LIST-52
      : connect(to);
    // This listener is the first one, so it ends the connection before others look at the bytes.
    socket.on('data', (bytes: Buffer) => {
      this.#left -= bytes.length;
      if (this.isOver) socket.destroy(); // LIST-55
    });
    this.#socket = socket;
    return socket;
  }

  /** True when too much has come. */
  get isOver(): boolean {
    return this.#left < 0; // LIST-55
  }

  /** The head is read. What came together with it is put back into the socket, and comes once more. */
  headIsRead(): void {
    this.#left = MAX_ANSWER_BYTES; // LIST-55
  }

  destroy(): void {
    this.#socket?.destroy(); // LIST-57
  }
}

/** Stands for a resolver, and answers with the checked addresses only. */
function onlyTo(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all }, done) => {
    const [first = { address: '', family: 0 }] = found;
    if (all === true)
      done(null, found); // LIST-51
    else done(null, first.address, first.family);
  };
}
