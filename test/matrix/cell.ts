import assert from 'node:assert/strict';
import type { Client, Driver, Said } from './driver.ts';
import type { Place } from './place.ts';
import { fits, type Pattern, type Sighting } from './sightings.ts';

/** One field of the matrix: somebody does something by `from`, and somebody sees it by `to`. */
export type Cell = {
  readonly place: Place;
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
export type Row = { readonly title: string; run(cell: Cell): Promise<void> };

export const PASSWORD = 'correct horse; battery staple';

/** A guest of this driver, under the name for that word. */
export async function guest(cell: Cell, driver: Driver, word: string): Promise<Client> {
  const client = await cell.connect(driver);
  await client.enter(cell.name(word));
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

/** Two guests who are both there: Alice by `from`, Bob by `to`. */
export async function twoGuests(cell: Cell): Promise<readonly [alice: Client, bob: Client]> {
  const alice = await guest(cell, cell.from, 'alice');
  return [alice, await guest(cell, cell.to, 'bob')];
}

/** What was said in the lobby, as every protocol shows it. */
export function inLobby({ looks, protocol }: Driver, said: Said): Pattern {
  return looks.message(said, 'lobby') ?? assert.fail(`${protocol} does not show the lobby`);
}

/** Resolves when each of these was shown all that happened before this was called: something later was shown by then. */
export async function quiet(cell: Cell, ...watchers: readonly { client: Client; driver: Driver }[]): Promise<void> {
  const name = cell.name(`passer${cell.time()}`);
  const passer = await cell.connect(cell.from);
  await passer.enter(name);
  const said = await passer.sayInLobby(cell.text('passing'), cell.time());
  await passer.leave();
  for (const { client, driver } of watchers) {
    await client.sightings.see(inLobby(driver, said));
    await client.sightings.see(driver.looks.left(name));
  }
}

/** What a client was shown of a text, in order: exactly this, now and after all that is under way. */
export async function sawExactly(
  cell: Cell,
  watcher: { client: Client; driver: Driver },
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
export function mentions(sighting: Sighting, name: string): boolean {
  return sighting.kind !== 'group' && Object.values(sighting).includes(name);
}
