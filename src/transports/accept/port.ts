import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Acceptor, type AcceptorOptions } from './acceptor.ts';
import { type Certificate, TlsTerminator } from './tls.ts';

/**
 * So many connections may wait to be accepted, or as many as the system allows. A client beyond that believes to be connected, and
 * may find out half a minute later that it never was.
 */
const BACKLOG = 8_192; // PORT-101

export type PortOptions = Omit<AcceptorOptions, 'tls'> & {
  readonly certificate?: Certificate;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
};

/** An open port. */
export type Port = {
  readonly address: AddressInfo;
  /** New TLS connections get this certificate, open ones stay. Throws if it cannot be used, and then keeps the old one. */
  renewCertificate(certificate: Certificate): void;
  /** Refuses new connections from now on; open ones stay. */
  stopAccepting(): void;
  /** Ends every connection that is no link in words that its client understands; resolves when all are closed. */
  end(): Promise<void>;
  /** Also destroys every connection; resolves when all are closed. */
  close(): Promise<void>;
};

/** Listens, and accepts every connection as a link once its first bytes tell its protocol. Rejects if it cannot listen, or if the certificate cannot be used. */
export async function openPort(options: PortOptions): Promise<Port> {
  const tls = options.certificate && new TlsTerminator(options.certificate);
  const acceptor = new Acceptor({ ...options, ...(tls && { tls }) });
  const server = createServer((socket) => acceptor.receive(socket));
  server.listen({ port: options.port, host: options.host, backlog: BACKLOG });
  await once(server, 'listening');
  server.on('error', (error) => options.log.error('accept-failed', { reason: error.message }));

  function stopAccepting(): void {
    server.close();
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    acceptor.destroyAll(); // PORT-38
    await closed;
  }

  return {
    address: server.address() as AddressInfo,
    renewCertificate: (certificate) => tls?.renew(certificate),
    stopAccepting,
    end: () => acceptor.end(),
    close,
  };
}
