import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { SeededRandom } from '../random.ts';
import { resetSocket } from '../transports/reset-socket.ts';
import { type ByteCounts, ChaosConnection } from './connection.ts';
import type { LineClock } from './delay-line.ts';
import { CLEAR, type Faults } from './faults.ts';

/** `port` is that of the server, on 127.0.0.1. */
export type ChaosOptions = { readonly port: number; readonly random: SeededRandom; readonly clock: LineClock };

/** What a proxy did since it was opened. */
export type ChaosCounts = {
  readonly accepted: number;
  readonly refused: number;
  /** What was forwarded. */
  readonly bytes: ByteCounts;
};

/** A bad network in front of a server. It begins without faults. */
export type ChaosProxy = {
  /** Clients connect here, on 127.0.0.1. */
  readonly port: number;
  readonly faults: Faults;
  readonly counts: ChaosCounts;
  /** The connections that are not closed on both sides. */
  readonly connections: readonly ChaosConnection[];
  /** Changes the faults of all connections, also for bytes that are under way. */
  set(faults: Faults): void;
  /** Ends all faults. What waits is forwarded. */
  heal(): void;
  /** Ends all connections by a RST. */
  reset(): void;
  /** Ends all connections by a FIN. */
  cut(): void;
  /** Ends everything; resolves when no socket and no timer is left. */
  close(): Promise<void>;
};

/** Opens a proxy on a free port. Equal bytes at equal times meet equal faults for an equal seed. */
export async function openChaosProxy({ port, random, clock }: ChaosOptions): Promise<ChaosProxy> {
  const connections = new Set<ChaosConnection>();
  const over = { up: 0, down: 0 };
  let faults = CLEAR;
  let accepted = 0;
  let refused = 0;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (faults.refuse) refuse(client);
    else accept(client);
  });

  /** A listener that is closed might not get its port again: so the system accepts, and the reset follows at once. */
  function refuse(client: Socket): void {
    refused++;
    resetSocket(client.on('error', () => {}));
  }

  function accept(client: Socket): void {
    accepted++;
    const connection = new ChaosConnection(client, port, clock, random);
    connections.add(connection);
    connection.set(faults);
    void connection.closed.then(() => {
      connections.delete(connection);
      over.up += connection.forwarded.up;
      over.down += connection.forwarded.down;
    });
  }

  function set(wanted: Faults): void {
    faults = wanted;
    for (const connection of connections) connection.set(wanted);
  }

  function reset(): void {
    for (const connection of connections) connection.reset();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get faults() {
      return faults;
    },
    get counts() {
      const bytes = { ...over };
      for (const { forwarded } of connections) {
        bytes.up += forwarded.up;
        bytes.down += forwarded.down;
      }
      return { accepted, refused, bytes };
    },
    get connections() {
      return [...connections];
    },
    set,
    heal: () => set(CLEAR),
    reset,
    cut() {
      for (const connection of connections) connection.cut();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      reset();
      await Promise.all([closed, ...[...connections].map((connection) => connection.closed)]);
    },
  };
}
