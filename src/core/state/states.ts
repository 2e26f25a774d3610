import type { DirectoryEntry, Entry, PersonEntry, RoomEntry } from '../model/entries.ts';
import {
  directoryStream,
  parseStream,
  type PersonId,
  personStream,
  type RoomId,
  roomStream,
  type StreamId,
} from '../model/ids.ts';
import type { Storage } from '../ports.ts';
import { directoryAfter, type DirectoryState, openDirectory } from './directory.ts';
import { openPerson, personAfter, type PersonState } from './person.ts';
import { openRoom, roomAfter, type RoomState } from './room.ts';

/** The state of one stream, by its kind. It is immutable. */
export type State =
  | { readonly kind: 'directory'; readonly value: DirectoryState }
  | { readonly kind: 'person'; readonly value: PersonState }
  | { readonly kind: 'room'; readonly value: RoomState };

/** The states of several streams: all committed, or all optimistic. */
export class States {
  readonly #states = new Map<StreamId, State>();

  get streams(): StreamId[] {
    return [...this.#states.keys()];
  }

  has(stream: StreamId): boolean {
    return this.#states.has(stream);
  }

  position(stream: StreamId): number {
    return this.#states.get(stream)?.value.position ?? 0;
  }

  get directory(): DirectoryState {
    const directory = this.findDirectory();
    if (directory === undefined) throw new Error('the directory is not loaded');
    return directory;
  }

  room(id: RoomId): RoomState {
    const room = this.findRoom(id);
    if (room === undefined) throw new Error(`room ${id} is not loaded`);
    return room;
  }

  person(id: PersonId): PersonState {
    const person = this.findPerson(id);
    if (person === undefined) throw new Error(`person ${id} is not loaded`);
    return person;
  }

  /** The directory; undefined if it is not loaded. */
  findDirectory(): DirectoryState | undefined {
    const state = this.#states.get(directoryStream);
    return state?.kind === 'directory' ? state.value : undefined;
  }

  /** A room; undefined if it is not loaded. */
  findRoom(id: RoomId): RoomState | undefined {
    const state = this.#states.get(roomStream(id));
    return state?.kind === 'room' ? state.value : undefined;
  }

  /** A person's stream; undefined if it is not loaded. */
  findPerson(id: PersonId): PersonState | undefined {
    const state = this.#states.get(personStream(id));
    return state?.kind === 'person' ? state.value : undefined;
  }

  put(stream: StreamId, state: State): void {
    this.#states.set(stream, state);
  }

  drop(stream: StreamId): void {
    this.#states.delete(stream);
  }

  /** Takes over states from another set, and drops those that it does not have. The two sets change independently. */
  copy(from: States, streams: Iterable<StreamId>): void {
    for (const stream of streams) {
      const state = from.#states.get(stream);
      if (state === undefined) this.#states.delete(stream);
      else this.#states.set(stream, state);
    }
  }

  /** Applies an entry if it is the next of a loaded stream; returns whether it was (WORLD-04). */
  apply(entry: Entry): boolean {
    const state = this.#states.get(entry.stream);
    if (state === undefined || entry.position !== state.value.position + 1) return false; // WORLD-04
    this.#states.set(entry.stream, stateAfter(state, entry));
    return true;
  }
}

function stateAfter(state: State, { position, body }: Entry): State {
  switch (state.kind) {
    case 'directory':
      return { kind: state.kind, value: directoryAfter(state.value, position, body as DirectoryEntry) };
    case 'person':
      return { kind: state.kind, value: personAfter(state.value, position, body as PersonEntry) };
    case 'room':
      return { kind: state.kind, value: roomAfter(state.value, position, body as RoomEntry) };
  }
}

/** Loads a stream's state; rejects when storage is unavailable. */
export async function loadState(storage: Storage, stream: StreamId): Promise<State> {
  const snapshot = await storage.load(stream);
  const { kind, id } = parseStream(stream);
  if (kind === 'directory') return { kind, value: openDirectory(snapshot) };
  if (kind === 'person') return { kind, value: openPerson(id, snapshot) };
  return { kind, value: openRoom(id, snapshot) };
}
