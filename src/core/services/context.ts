import { err, type Result } from '../../lib/result.ts';
import type { CommandProcessor } from '../engine/command-processor.ts';
import type { Decide, PersonActor } from '../engine/decide.ts';
import type { Engine } from '../engine/engine.ts';
import type { OnceOnly } from '../engine/queue.ts';
import type { StreamCache } from '../engine/stream-cache.ts';
import { directoryStream, type PersonId, type RoomId, type StreamId } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { RowChange } from '../model/rows.ts';
import type { Clock, Ids, Names, Passwords, Ports, Storage } from '../ports.ts';
import type { Cluster } from '../presence/cluster.ts';
import type { Presence } from '../presence/presence.ts';
import type { DirectoryState } from '../state/directory.ts';
import type { PersonState } from '../state/person.ts';
import type { RoomState } from '../state/room.ts';
import type { States } from '../state/states.ts';

type ServicePorts = Pick<Ports, 'storage' | 'names' | 'passwords' | 'clock' | 'ids'>;

export type Done<T> = (result: Result<T, Refusal>) => void;

/** The ports and state that all services share. */
export class ServiceContext {
  readonly storage: Storage;
  readonly names: Names;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly cache: StreamCache;
  readonly processor: CommandProcessor;
  readonly engine: Engine;
  readonly cluster: Cluster;
  readonly presence: Presence;
  /** 0 until the lobby is open. */
  lobby: RoomId = 0;

  constructor(ports: ServicePorts, engine: Engine, cluster: Cluster) {
    this.storage = ports.storage;
    this.names = ports.names;
    this.passwords = ports.passwords;
    this.clock = ports.clock;
    this.ids = ports.ids;
    this.engine = engine;
    this.cache = engine.cache;
    this.processor = engine.processor;
    this.cluster = cluster;
    this.presence = cluster.presence;
  }

  /** Committed state. `directory`, `person` and `room` give undefined for streams that are not in memory. */
  get committed(): States {
    return this.cache.committed;
  }

  get directory(): DirectoryState | undefined {
    return this.committed.findDirectory();
  }

  /**
   * Reads what other nodes wrote into the directory before this call. Resolves also if that fails, and at once on a node that is
   * alone.
   */
  async catchUpDirectory(): Promise<void> {
    if (this.cluster.lease.isAlone) return;
    const [position = 0] = await this.storage.positions([directoryStream]).catch(() => []); // What needs storage fails by itself.
    await this.engine.remote.untilReached(directoryStream, position);
  }

  person(id: PersonId): PersonState | undefined {
    return this.committed.findPerson(id);
  }

  room(id: RoomId): RoomState | undefined {
    return this.committed.findRoom(id);
  }

  /** A present person as an actor. */
  actor(person: PersonId): PersonActor | undefined {
    const record = this.presence.get(person);
    if (record === undefined) return undefined;
    const role = record.account ? (this.directory?.people.get(person)?.role ?? 'user') : null;
    return { type: 'person', person: { id: person, name: record.name }, skeleton: record.skeleton, role };
  }

  /** Decides a command about these streams and commits it, with `rows` beside those that follow from its entries. */
  submit<T>(
    streams: readonly StreamId[],
    decide: Decide<T>,
    done: Done<T>,
    once?: OnceOnly<T>,
    rows: readonly RowChange[] = [],
  ): void {
    if (this.cluster.isStopping) return done(err({ type: 'stopping' })); // WORLD-50
    const { clock, ids } = this;
    this.processor.submit({
      streams,
      decide: (states) => decide(states, { now: clock.now(), ids, lobby: this.lobby }),
      done,
      rows,
      ...(once && { once }),
    });
  }

  /** Submits a command of a person, who must be present until it is decided. */
  submitAs<T>(
    person: PersonId,
    streams: readonly StreamId[],
    done: Done<T>,
    decide: (actor: PersonActor) => Decide<T>,
  ): void {
    const actor = this.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    this.submit(streams, this.requirePresent(person, decide(actor)), done);
  }

  /**
   * The same decision, refused if the person leaves before it is made, or the account is deleted: a command may wait for its streams to load. A command
   * that is decided again after a conflict was first decided in time (WORLD-20).
   */
  requirePresent<T>(person: PersonId, decide: Decide<T>): Decide<T> {
    let isDecided = false;
    return (states, input) => {
      if (!isDecided && this.presence.get(person) === undefined) return err({ type: 'not-allowed' }); // WORLD-20
      isDecided = true;
      const isDeleted = states.has(directoryStream) && states.directory.deleted.has(person);
      if (isDeleted) return err({ type: 'not-allowed' }); // WORLD-121
      return decide(states, input);
    };
  }
}
