import { connect, type NatsConnection, type NatsConnectionImpl, type Status } from '@nats-io/transport-node';
import type { Clock, Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { NatsAddress } from './url.ts';

/** Until a client has connected once, this is between two attempts; afterwards the client waits as long, and up to as long again. */
const RETRY_MS = 250;
const DIAL_MS = 2_000;
const PING_MS = 1_000;
const MAX_PINGS = 2;

export type LinkOptions = {
  readonly address: NatsAddress;
  /** What operators of the servers see. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** What a link tells. */
export interface LinkListener {
  /** A client that has just connected for the first time: it knows no subscription yet. */
  opened(client: NatsConnection): void;
  /** The client is connected, for the first time or again. */
  connected(client: NatsConnection): void;
  disconnected(): void;
}

/** Keeps one client of NATS connected for as long as it is open, whatever becomes of the servers. */
export class NatsLink {
  readonly #options: LinkOptions;
  readonly #listener: LinkListener;
  #client: NatsConnection | null = null;
  #isConnected = false;
  #isClosed = false;
  /** Why the last attempt of a new client failed, so that it is logged once. */
  #obstacle = '';
  #cancelRetry = () => {};

  constructor(options: LinkOptions, listener: LinkListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Resolves after the first attempt at every server, whether it succeeded or not; a link that failed goes on trying (BUS-22). */
  async open(): Promise<void> {
    const { address, name, clock, log } = this.#options;
    try {
      const client = await connect({
        servers: [...address.servers],
        ...address.credentials,
        name,
        noEcho: true,
        timeout: DIAL_MS,
        maxReconnectAttempts: -1,
        ignoreAuthErrorAbort: true,
        reconnectTimeWait: RETRY_MS,
        reconnectJitter: RETRY_MS,
        reconnectJitterTLS: RETRY_MS,
        pingInterval: PING_MS, // BUS-24
        maxPingOut: MAX_PINGS, // BUS-24
      });
      if (this.#isClosed) return end(client);
      this.#client = client;
      void this.#follow(client);
      this.#listener.opened(client);
      this.#setConnected(client);
    } catch (error) {
      if (this.#isClosed) return;
      const reason = reasonOf(error);
      if (reason !== this.#obstacle) log.warn('bus-unreachable', { servers: address.servers.join(','), reason }); // BUS-22
      this.#obstacle = reason;
      this.#cancelRetry = clock.after(RETRY_MS, () => void this.open()); // BUS-22
    }
  }

  /** Ends the connection at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isConnected = false;
    this.#cancelRetry();
    if (this.#client !== null) await end(this.#client);
  }

  async #follow(client: NatsConnection): Promise<void> {
    for await (const status of client.status()) this.#changed(client, status);
    if (this.#isClosed) return;
    this.#setDisconnected(); // The client gave up, which it does after an error of its own.
    await this.open();
  }

  #changed(client: NatsConnection, status: Status): void {
    if (this.#isClosed) return;
    if (status.type === 'disconnect') this.#setDisconnected();
    if (status.type === 'reconnect') this.#setConnected(client);
    if (status.type === 'staleConnection') discard(client); // BUS-24
    if (status.type === 'error') this.#options.log.warn('bus-refused', { reason: status.error.message });
  }

  #setConnected(client: NatsConnection): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#obstacle = '';
    this.#options.log.info('bus-connected', { server: client.getServer() }); // BUS-23
    this.#listener.connected(client);
  }

  #setDisconnected(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#options.log.warn('bus-disconnected', {}); // BUS-23
    this.#listener.disconnected();
  }
}

/** A client that is closed while it dials would finish that and keep the connection. */
async function end(client: NatsConnection): Promise<void> {
  await client.close();
  discard(client);
}

/** Ends the socket. The client itself first waits until all is sent, which a server that has stopped reading keeps it from. */
function discard(client: NatsConnection): void {
  (client as NatsConnectionImpl).protocol.transport.discard();
}
