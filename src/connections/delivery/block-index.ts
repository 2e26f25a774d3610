import type { PersonId } from '../../core/model/ids.ts';
import type { World } from '../../core/world.ts';
import type { Connection } from '../connection.ts';

/**
 * For each blocked person, the connections of the people who block that person, so that no message needs a scan of its room.
 */
export class BlockIndex {
  readonly #world: () => World;
  readonly #byBlocked = new Map<PersonId, Set<Connection>>();
  readonly #blocked = new Map<Connection, ReadonlySet<PersonId>>();

  constructor(world: () => World) {
    this.#world = world;
  }

  /** The connections of people who block this one. */
  of(person: PersonId): Iterable<Connection> {
    return this.#byBlocked.get(person) ?? [];
  }

  /** The connection delivers to this person, whose blocks apply from now on. */
  watch(connection: Connection, person: PersonId): void {
    this.forget(connection);
    const blocks = new Set(this.#world().people.blocksOf(person));
    if (blocks.size === 0) return;
    this.#blocked.set(connection, blocks);
    for (const blocked of blocks) {
      const connections = this.#byBlocked.get(blocked) ?? new Set<Connection>();
      this.#byBlocked.set(blocked, connections);
      connections.add(connection);
    }
  }

  /** The person's blocks may have changed. */
  changed(person: PersonId, connections: readonly Connection[]): void {
    for (const connection of connections) this.watch(connection, person);
  }

  forget(connection: Connection): void {
    for (const blocked of this.#blocked.get(connection) ?? []) {
      const connections = this.#byBlocked.get(blocked);
      connections?.delete(connection);
      if (connections?.size === 0) this.#byBlocked.delete(blocked);
    }
    this.#blocked.delete(connection);
  }
}
