import assert from 'node:assert/strict';
import type { RoomId } from '../../src/core/model/ids.ts';
import type { World } from '../../src/core/world.ts';
import { type Client, type Driver, type Operation, PASSWORD, Refused, type SentMessage, supports } from './driver.ts';
import { matchesAll, type MessagePattern, type Observation, type Pattern } from './observations.ts';
import type { MatrixServer } from './server.ts';

/** One cell of the matrix: a client of `from` does something, and a client of `to` is shown it. Cells share a server. */
export type Cell = {
  readonly server: MatrixServer;
  /** How many servers the clients of the cell connect to, in turn. */
  readonly nodes: number;
  readonly from: Driver;
  readonly to: Driver;
  readonly drivers: readonly Driver[];
  /** A name that no other cell uses; the same for the same word. */
  name(word: string): string;
  /** A text that contains these words and that no other cell sends. */
  text(words: string): string;
  /** A client's time of long ago, used once. */
  time(): number;
  /** Connects a client, which is cut when the cell is over. */
  connect(driver: Driver): Promise<Client>;
  /** Waits until every node knows what is asked of its world: nodes tell each other without anybody waiting for it. */
  everywhere(isSo: (world: World) => boolean): Promise<void>;
};

/** One row of the matrix. `run` throws if the test fails, and `Refused` if `from` does not support it. */
export type Row = {
  readonly title: string;
  /** The operations that a protocol may not support, in the order in which the row does them. */
  readonly needs?: readonly Operation[];
  /** Why no protocol at all can do this. */
  readonly never?: Unsupported;
  run(cell: Cell): Promise<void>;
};

/** Why a cell is impossible: the server refuses this operation, the nearest that a client can try. */
export type Unsupported = { readonly operation: Operation; readonly reason: string };

/** Null where a client of this protocol can do what the row needs. */
export function whyUnsupported({ never, needs = [] }: Row, { unsupported }: Driver): Unsupported | null {
  if (never !== undefined) return never;
  for (const operation of needs) {
    const reason = unsupported[operation];
    if (reason !== undefined) return { operation, reason };
  }
  return null;
}

/** A new person, named by the word: a guest, or where the protocol has none, a new account. */
export async function enterAs(cell: Cell, driver: Driver, word: string): Promise<Client> {
  const client = await cell.connect(driver);
  await client.enter(cell.name(word));
  await knownEverywhere(cell, word, !supports(driver, 'guest'));
  return client;
}

/** A guest. In a protocol without guests a client tries a login without a password, which is refused. */
export async function enterAsGuest(cell: Cell, driver: Driver, word: string): Promise<Client> {
  if (supports(driver, 'guest')) return enterAs(cell, driver, word);
  const client = await cell.connect(driver);
  await client.login(cell.name(word), '').catch((error: unknown) => {
    throw error instanceof Refused ? new Refused(error.by, 'guest', error.answer) : error;
  });
  return client;
}

/** A person with an account, named by the word, on a new connection. Makes the account if there is none. */
export async function loginAs(cell: Cell, driver: Driver, word: string, echo = false): Promise<Client> {
  const name = cell.name(word);
  if (cell.server.world.people.find(name) === undefined) await cell.server.account(name, PASSWORD);
  await knownEverywhere(cell, word, true);
  const client = await cell.connect(driver);
  await client.login(name, PASSWORD, echo);
  return client;
}

/** Waits until every node can find this person, by name. */
function knownEverywhere(cell: Cell, word: string, hasAccount: boolean): Promise<void> {
  return cell.everywhere(({ people }) => {
    const person = people.find(cell.name(word));
    return person !== undefined && (!hasAccount || people.account(person.id) !== undefined);
  });
}

/** Alice enters by `from`, then Bob by `to`. */
export async function enterBoth(cell: Cell): Promise<readonly [alice: Client, bob: Client]> {
  const alice = await enterAs(cell, cell.from, 'alice');
  return [alice, await enterAs(cell, cell.to, 'bob')];
}

/** A group of two people with accounts, named by the words. */
export async function createGroup({ server, name, everywhere }: Cell, owner: string, other: string) {
  const group = name('group');
  const [first, second] = [server.person(name(owner)), server.person(name(other))];
  const room = await server.must<RoomId>((world, done) => world.rooms.create(first, group, null, false, done));
  await server.must((world, done) => world.rooms.join(second, room, done));
  await everywhere((world) => world.rooms.find(group) === room);
  return { group, room };
}

/** This driver if it supports the operation, else the first that does. */
export function supporting(cell: Cell, driver: Driver, operation: Operation): Driver {
  const all = [driver, ...cell.drivers];
  return all.find((one) => supports(one, operation)) ?? assert.fail(`no protocol can ${operation}`);
}

export function driverOf({ drivers }: Pick<Cell, 'drivers'>, { protocol }: Client): Driver {
  return drivers.find((driver) => driver.protocol === protocol) ?? assert.fail(`no driver for ${protocol}`);
}

/** This client if its protocol shows who leaves, else a new one of a protocol that does. */
export async function departureWatcher(cell: Cell, client: Client): Promise<Client> {
  const showsWhoLeft = ({ expected }: Driver) => expected.left('') !== null;
  if (showsWhoLeft(driverOf(cell, client))) return client;
  return enterAs(cell, cell.drivers.find(showsWhoLeft) ?? assert.fail('no protocol shows who leaves'), 'onlooker');
}

export function lobbyPattern({ expected, protocol }: Driver, sent: SentMessage): MessagePattern {
  return expected.message(sent, 'lobby') ?? assert.fail(`${protocol} does not show the lobby`);
}

/** Waits until the server has ended the connection; checks the reason on a WebSocket, which alone can tell it. */
export async function assertEnded({ ended }: Client, reason: string): Promise<void> {
  const ending = await ended;
  if (ending.code !== null) assert.deepEqual(ending, { code: 1008, reason });
}

/** Resolves when these clients were shown all that happened before the call: a guest enters, speaks and leaves after it. */
export async function caughtUp(cell: Cell, ...clients: readonly Client[]): Promise<void> {
  const name = cell.name(`late${cell.time()}`);
  const guest = await cell.connect(supporting(cell, cell.from, 'guest'));
  await guest.enter(name);
  const sent = await guest.sendToLobby(cell.text('passing'), cell.time());
  await guest.leave();
  for (const client of clients) {
    const driver = driverOf(cell, client);
    await client.observed.waitFor(lobbyPattern(driver, sent));
    const left = driver.asks ? null : driver.expected.left(name);
    if (left !== null) await client.observed.waitFor(left);
  }
}

/**
 * Whether exactly these were shown, in this order; who asks, or is on another node than the author, is promised the order of
 * each conversation.
 */
function isShown(
  { nodes }: Cell,
  { asks }: Driver,
  shown: readonly Observation[],
  patterns: readonly Pattern[],
): boolean {
  return asks || nodes > 1 ? matchesAll(byConversation(shown), byConversation(patterns)) : matchesAll(shown, patterns);
}

function byConversation<T extends Pattern>(all: readonly T[]): readonly T[] {
  return [...Map.groupBy(all, (one) => JSON.stringify('conversation' in one ? one.conversation : null))]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, ofOne]) => ofOne);
}

/** The client is shown exactly these messages with this text, in this order, and no more after a while. */
export async function assertObserved(
  cell: Cell,
  client: Client,
  text: string,
  patterns: readonly Pattern[],
): Promise<void> {
  for (const pattern of patterns) await client.observed.waitFor(pattern);
  await caughtUp(cell, client);
  const shown = client.observed.messagesWith(text);
  assert.ok(
    isShown(cell, driverOf(cell, client), shown, patterns),
    `expected ${JSON.stringify(patterns)}, shown ${JSON.stringify(shown)}`,
  );
}

/**
 * The same for the next login after these clients of the person have left. What they were shown may come again if none of
 * them proved its end, and on another node that does not know yet what this one delivered (see reconnecting.test.ts).
 */
export async function assertObservedNext(
  cell: Cell,
  before: readonly Client[],
  client: Client,
  text: string,
  patterns: readonly Pattern[],
): Promise<void> {
  if (cell.nodes === 1 && before.some(({ provesItsEnd }) => provesItsEnd))
    return assertObserved(cell, client, text, patterns);
  for (const pattern of patterns) await client.observed.waitFor(pattern);
  await caughtUp(cell, client);
  const seen = new Set(before.flatMap(({ observed }) => observed.messagesWith(text).map((message) => message.text)));
  const isExpected = (one: Observation) => patterns.some((pattern) => matchesAll([one], [pattern]));
  const shown = client.observed.messagesWith(text).filter((one) => isExpected(one) || !seen.has(one.text));
  assert.ok(
    isShown(cell, driverOf(cell, client), shown, patterns),
    `expected ${JSON.stringify(patterns)}, shown ${JSON.stringify(shown)}`,
  );
}

/** Whether an observation names this person; groups, which list their members, do not count. */
export function mentions(observation: Observation, name: string): boolean {
  return observation.kind !== 'group' && Object.values(observation).includes(name);
}
