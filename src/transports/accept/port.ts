import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Log } from '../../core/ports.ts';
import { Acceptor, type AcceptorOptions } from './acceptor.ts';

export type PortOptions = AcceptorOptions & {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly log: Log;
};

/** An open port. */
export type Port = {
  readonly address: AddressInfo;
  /** Refuses newcomers from now on; who is connected stays. */
  stopAccepting(): void;
  /** Also ends every connection, at once; done when all are gone. */
  close(): Promise<void>;
};

/** Listens, and makes a link of every connection as soon as its first bytes tell what it speaks. Rejects if it cannot listen. */
export async function openPort(options: PortOptions): Promise<Port> {
  const reception = new Acceptor(options);
  const server = createServer((socket) => reception.receive(socket));
  server.listen(options.port, options.host);
  await once(server, 'listening');
  server.on('error', (error) => options.log.error('accept-failed', { reason: error.message }));

  function stopAccepting(): void {
    server.close();
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    reception.destroyAll(); // PORT-38
    await closed;
  }

  return { address: server.address() as AddressInfo, stopAccepting, close };
}
