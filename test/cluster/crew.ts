import type { ClientLog } from '../crash/client-log.ts';
import { C2Client } from '../crash/clients/c2.ts';
import { CodechatClient } from '../crash/clients/codechat.ts';
import { MsgpackClient } from '../crash/clients/msgpack.ts';
import { PartnerClient } from '../crash/clients/partner-client.ts';
import { TaggedClient } from '../crash/clients/tagged.ts';
import type { Cluster } from './cluster.ts';

type CrewClient = C2Client | CodechatClient | PartnerClient;
/** Opens a client at this place. */
type Open = (place: { readonly url: string; readonly port: number }, cycle: number, log: ClientLog) => CrewClient;
/** A client that is opened again whenever its node has died. */
type Member = {
  readonly open: Open;
  readonly nodeIn: (cycle: number) => number;
  client: CrewClient | null;
  node: number;
};

const C2_EACH = 2;
const CODECHAT_EACH = 1;
/** Neighbours are partners, and never on the same node when both have just come. */
const TAGGED_NAMES = ['alba', 'bert'];
const MSGPACK_NAMES = ['ella', 'finn'];

/** Clients on all nodes. Guests stay on their node; people with accounts log in on another one when theirs has died. */
export class Crew {
  readonly #cluster: Cluster;
  readonly #log: ClientLog;
  readonly #members: readonly Member[];
  readonly problems: string[] = [];

  constructor(cluster: Cluster, log: ClientLog) {
    this.#cluster = cluster;
    this.#log = log;
    this.#members = cluster.nodes.flatMap((_, node) => guests(node)).concat(partners());
  }

  /** Opens a client for each that is not connected; resolves when all are logged in. */
  async fill(cycle: number): Promise<void> {
    await Promise.all(
      this.#members
        .filter(({ client }) => client === null)
        .map(async (member) => {
          const node = member.nodeIn(cycle);
          const { process } = this.#cluster.nodes[node] as Cluster['nodes'][0];
          const client = member.open(process, cycle, this.#log);
          Object.assign(member, { client, node });
          void client.closed.then(() => this.#closed(member, process.pid));
          if (!(await client.loggedIn)) this.problems.push(`the login of ${client.name} was refused`);
          else if (client instanceof PartnerClient) client.start(cycle);
        }),
    );
  }

  /** The names of those on these nodes. */
  namesOn(nodes: readonly number[]): Set<string> {
    return new Set(
      this.#members.flatMap(({ client, node }) => (client !== null && nodes.includes(node) ? client.name : [])),
    );
  }

  /** The guests of a node who see everything that is said in the lobby. */
  watchers(node: number): C2Client[] {
    return this.#members.flatMap((member) =>
      member.node === node && member.client instanceof C2Client ? [member.client] : [],
    );
  }

  /** Ends all connections; resolves when they have ended. */
  async leave(): Promise<void> {
    const clients = this.#members.flatMap(({ client }) => client ?? []);
    for (const member of this.#members) member.client = null;
    for (const client of clients) client.close();
    await Promise.all(clients.map(({ closed }) => closed));
  }

  /** Clients of all who have partners, just opened; partners are neighbours, on different nodes. */
  partners(): PartnerClient[] {
    return partners().map(({ open, nodeIn }) => {
      const { process } = this.#cluster.nodes[nodeIn(0)] as Cluster['nodes'][0];
      return open(process, 0, this.#log) as PartnerClient;
    });
  }

  #closed(member: Member, pid: number): void {
    if (member.client === null) return;
    const node = this.#cluster.nodes[member.node];
    if (node?.runs === true && node.process.pid === pid)
      this.problems.push(`the connection of ${member.client.name} ended, but not its node`);
    member.client = null;
  }
}

function guests(node: number): Member[] {
  const nodeIn = () => node;
  const c2 = Array.from(
    { length: C2_EACH },
    (_, index): Open =>
      ({ url }, cycle, log) => {
        return new C2Client(url, `c${cycle}n${node}t${index}`, log);
      },
  );
  const codechat = Array.from(
    { length: CODECHAT_EACH },
    (_, index): Open =>
      ({ port }, cycle, log) => {
        return new CodechatClient(port, `c${cycle}n${node}s${index}`, log);
      },
  );
  return [...c2, ...codechat].map((open) => ({ open, nodeIn, client: null, node }));
}

function partners(): Member[] {
  const member = (open: Open, index: number): Member => {
    return { open, nodeIn: (cycle) => (cycle + index) % 2, client: null, node: index % 2 };
  };
  return [
    ...TAGGED_NAMES.map((name, index) =>
      member(({ url }, _, log) => new TaggedClient(url, name, TAGGED_NAMES[index ^ 1] ?? '', log), index),
    ),
    ...MSGPACK_NAMES.map((name, index) =>
      member(({ url }, _, log) => new MsgpackClient(url, name, MSGPACK_NAMES[index ^ 1] ?? '', log), index),
    ),
  ];
}
