import { NatsServer, noPrivateNats } from '../../testing/nats.ts';
import { noPrivatePostgres, PostgresServer, query } from '../../testing/postgres.ts';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { type Cleanup, temporaryDirectory } from '../../testing/temporary.ts';

/** Why no cluster can be started and stopped here; false if one can. */
export const noCluster = noPrivatePostgres || noPrivateNats;

const DATABASE = 'parlance';

/** One node: a real process with its own data directory. */
class Node {
  readonly #cleanup: Cleanup;
  readonly #dataDir: string;
  readonly #args: readonly string[];
  #process: ServerProcess | null = null;

  constructor(cleanup: Cleanup, args: readonly string[]) {
    this.#cleanup = cleanup;
    this.#dataDir = temporaryDirectory(cleanup);
    this.#args = args;
  }

  get process(): ServerProcess {
    if (this.#process === null) throw new Error('the node does not run');
    return this.#process;
  }

  get runs(): boolean {
    return this.#process !== null;
  }

  async start(): Promise<void> {
    this.#process = await startServerProcess(this.#cleanup, { dataDir: this.#dataDir, args: this.#args });
  }

  async kill(): Promise<void> {
    const { process } = this;
    this.#process = null;
    process.kill('SIGKILL');
    await process.exited;
  }
}

/** Two nodes over a PostgreSQL and a NATS of their own, all of them real processes. PostgreSQL syncs. */
export class Cluster {
  readonly database: PostgresServer;
  readonly bus: NatsServer;
  readonly nodes: readonly [Node, Node];

  private constructor(database: PostgresServer, bus: NatsServer, nodes: readonly [Node, Node]) {
    this.database = database;
    this.bus = bus;
    this.nodes = nodes;
  }

  /** Starts everything; `args` are further ones for each node. */
  static async start(cleanup: Cleanup, args: readonly string[]): Promise<Cluster> {
    const [database, bus] = await Promise.all([PostgresServer.start(cleanup), NatsServer.start(cleanup)]);
    await query(database.url('postgres'), `CREATE DATABASE ${DATABASE} TEMPLATE template0`);
    const all = ['--storage', database.url(DATABASE), '--bus', bus.url, ...args];
    const cluster = new Cluster(database, bus, [new Node(cleanup, all), new Node(cleanup, all)]);
    await Promise.all(cluster.nodes.map((node) => node.start()));
    return cluster;
  }

  get databaseUrl(): string {
    return this.database.url(DATABASE);
  }
}
