import assert from 'node:assert/strict';
import type { RoomId } from '../../src/core/model/ids.ts';
import { type Action, can, type Client, type Driver, PASSWORD, Refused, type Said } from './driver.ts';
import type { Impossible } from './impossible.ts';
import type { MatrixServer } from './server.ts';
import { fits, type MessagePattern, type Pattern, type Observation } from './observations.ts';

/** One field of the matrix: somebody does something by `from`, and somebody sees it by `to`. */
export type Cell = {
  readonly place: MatrixServer;
  readonly from: Driver;
  readonly to: Driver;
  /** All of them: for what waits until its person comes by a protocol that shows it. */
  readonly drivers: readonly Driver[];
  /** A name that nobody else in this place has or had; the same for the same word in one cell. */
  name(word: string): string;
  /** Words that are said nowhere else in this place. */
  text(words: string): string;
  /** A client's time that is no other's, long ago. */
  time(): number;
  /** A connection, which is cut when the cell is over. */
  connect(driver: Driver): Promise<Client>;
};

/** One row: what is done and what must be seen. It fails, or it passes; where `from` cannot do it, `Refused` comes out. */
export type Row = {
  readonly title: string;
  /** What the row is about, if a protocol may lack it, in the order in which it is done. */
  readonly needs?: readonly Action[];
  /** No protocol can. */
  readonly never?: Impossible;
  run(cell: Cell): Promise<void>;
};

/** Somebody on a connection, and by which protocol. */
export type Watcher = { readonly client: Client; readonly driver: Driver };

/** Somebody new under the name for that word: a guest, or where the protocol has none, a new account. */
export async function newcomer(cell: Cell, driver: Driver, word: string): Promise<Client> {
  const client = await cell.connect(driver);
  await client.enter(cell.name(word));
  return client;
}

/** A guest and nobody else. A client of a protocol without guests can but try a name without a password. */
export async function guest(cell: Cell, driver: Driver, word: string): Promise<Client> {
  if (can(driver, 'guest')) return newcomer(cell, driver, word);
  const client = await cell.connect(driver);
  await client.login(cell.name(word), '').catch((error: unknown) => {
    throw error instanceof Refused ? new Refused(error.by, 'guest', error.answer) : error;
  });
  return client;
}

/** Somebody with an account, under the name for that word, on a new connection. */
export async function member(cell: Cell, driver: Driver, word: string, own?: 'echo'): Promise<Client> {
  const name = cell.name(word);
  if (cell.place.world.people.find(name) === undefined) await cell.place.account(name, PASSWORD);
  const client = await cell.connect(driver);
  await client.login(name, PASSWORD, own);
  return client;
}

/** Two people who are both there: Alice by `from`, Bob by `to`. */
export async function twoNewcomers(cell: Cell): Promise<readonly [alice: Client, bob: Client]> {
  const alice = await newcomer(cell, cell.from, 'alice');
  return [alice, await newcomer(cell, cell.to, 'bob')];
}

/** A group of two people with accounts, under the names for these words; the first is its owner. */
export async function groupOf({ place, name }: Cell, owner: string, other: string) {
  const group = name('group');
  const [first, second] = [place.person(name(owner)), place.person(name(other))];
  const room = await place.must<RoomId>((world, done) => world.rooms.create(first, group, null, false, done));
  await place.must((world, done) => world.rooms.join(second, room, done));
  return { group, room };
}

/** This driver, if it can do that, or else the first that can. */
export function thatCan(cell: Cell, driver: Driver, action: Action): Driver {
  const all = [driver, ...cell.drivers];
  return all.find((one) => can(one, action)) ?? assert.fail(`no protocol can ${action}`);
}

/** Somebody who is shown who goes: this one, or one more who came by a protocol that shows it. */
export async function onlooker(cell: Cell, watcher: Watcher): Promise<Watcher> {
  const isShown = ({ looks }: Driver) => looks.left('') !== null;
  if (isShown(watcher.driver)) return watcher;
  const driver = cell.drivers.find(isShown) ?? assert.fail('nobody is shown who goes');
  return { client: await newcomer(cell, driver, 'onlooker'), driver };
}

/** What was said in the lobby, as every protocol shows it. */
export function inLobby({ looks, protocol }: Driver, said: Said): MessagePattern {
  return looks.message(said, 'lobby') ?? assert.fail(`${protocol} does not show the lobby`);
}

/** The server has ended this connection for that reason; only a WebSocket can say so. */
export async function endedFor({ ended }: Client, reason: string): Promise<void> {
  const ending = await ended;
  if (ending.code !== null) assert.deepEqual(ending, { code: 1008, reason });
}

/** Resolves when each of these was shown all that happened before this was called: something later was shown by then. */
export async function quiet(cell: Cell, ...watchers: readonly Watcher[]): Promise<void> {
  const name = cell.name(`passer${cell.time()}`);
  const passer = await cell.connect(thatCan(cell, cell.from, 'guest'));
  await passer.enter(name);
  const said = await passer.sayInLobby(cell.text('passing'), cell.time());
  await passer.leave();
  for (const { client, driver } of watchers) {
    await client.sightings.see(inLobby(driver, said));
    const left = driver.looks.left(name);
    if (left !== null) await client.sightings.see(left);
  }
}

/** What a client was shown of a text, in order: exactly this, now and after all that is under way. */
export async function sawExactly(
  cell: Cell,
  watcher: Watcher,
  text: string,
  patterns: readonly Pattern[],
): Promise<void> {
  for (const pattern of patterns) await watcher.client.sightings.see(pattern);
  await quiet(cell, watcher);
  const seen = watcher.client.sightings.messagesWith(text);
  const exact = seen.length === patterns.length && patterns.every((pattern, index) => fits(seen[index], pattern));
  assert.ok(exact, `expected ${JSON.stringify(patterns)}, saw ${JSON.stringify(seen)}`);
}

/** Whether a sighting is of this person, or mentions one; what is shown of groups does not count. */
export function mentions(sighting: Observation, name: string): boolean {
  return sighting.kind !== 'group' && Object.values(sighting).includes(name);
}
