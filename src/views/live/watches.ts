import type { Clock } from '../../core/ports.ts';
import type { PersonId, RoomId } from '../../core/model/ids.ts';
import { groupOf, type Part, type ViewKey } from '../view-key.ts';
import type { Follow } from './list-source.ts';

/** How long changes of people and rooms wait until all watches that follow them are looked at together. */
const LOOK_MS = 50;
/** The most changes that one look goes through for one document; beyond them it is told. */
const MOST_CHANGES = 1_000;

/** What a watched document follows, and which part of it that changes. */
export type WatchedFollow = Follow & { readonly part: Part };

const PARTS: readonly Part[] = ['content', 'children'];
/** The parts of the documents of a room. */
const inRoom: { readonly [T in ViewKey['type']]?: readonly Part[] } = {
  room: PARTS,
  members: PARTS,
  member: ['content'],
  message: ['content'],
};

type Changed = (part: Part) => void;

type Watch = {
  readonly key: ViewKey;
  readonly follows: readonly WatchedFollow[];
  /** Those who are to be told, each with its person. */
  readonly watchers: Map<Changed, PersonId>;
  /** The parts that were asked for since watchers were told of a change. */
  readonly armed: Set<Part>;
  counts: number[];
};

/** Who is to be told when documents may have changed: at most once for each part, until somebody asks for that part again. */
export class Watches {
  readonly #clock: Clock;
  /** By the name of their group, then by number. */
  readonly #groups = new Map<string, Map<number, Watch>>();
  #stopTimer: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get keys(): ViewKey[] {
    return [...this.#groups.values()].flatMap((group) => [...group.values()].map(({ key }) => key));
  }

  /** A person watches a document; `follows` is called if nobody watches it yet. Returns what ends the watch. */
  add(viewer: PersonId, key: ViewKey, follows: () => readonly WatchedFollow[], changed: Changed): () => void {
    const name = groupOf(key.type, key.id);
    const group = this.#groups.get(name) ?? new Map<number, Watch>();
    this.#groups.set(name, group);
    const number = key.number ?? 0;
    const watch = group.get(number) ?? startOf(key, follows());
    group.set(number, watch);
    const tell: Changed = (part) => changed(part);
    watch.watchers.set(tell, viewer);
    return () => {
      if (!watch.watchers.delete(tell) || watch.watchers.size > 0) return;
      group.delete(number);
      if (group.size === 0) this.#groups.delete(name);
    };
  }

  /** Somebody asks for a part of a document: the next change of it is told. */
  arm(key: ViewKey, part: Part): void {
    const watch = this.#groups.get(groupOf(key.type, key.id))?.get(key.number ?? 0);
    if (watch === undefined || watch.armed.has(part)) return;
    watch.armed.add(part);
    watch.follows.forEach((follow, index) => {
      if (follow.part === part) watch.counts[index] = follow.changes.count;
    });
  }

  /** A part of the document may have changed. */
  fire(key: ViewKey, part: Part): void {
    const watch = this.#groups.get(groupOf(key.type, key.id))?.get(key.number ?? 0);
    if (watch !== undefined) tell(watch, part);
  }

  /** A part of all documents of these types, and of one id if it is given, may have changed. */
  fireAll(types: readonly ViewKey['type'][], id: number | null, part: Part): void {
    for (const watch of this.#watches(types, id)) tell(watch, part);
  }

  /** A person may no longer see what the documents of a room show: only that person is told, and in any case. */
  withdraw(viewer: PersonId, room: RoomId): void {
    for (const { key, watchers } of this.#watches(['room', 'members', 'member', 'message'], room))
      for (const [changed, watcher] of watchers)
        if (watcher === viewer) for (const part of inRoom[key.type] ?? []) changed(part); // VIEW-63
  }

  /** People or rooms changed that watched documents may follow. */
  followed(): void {
    if (this.#groups.size > 0) this.#stopTimer ??= this.#clock.after(LOOK_MS, () => this.#look()); // VIEW-61
  }

  close(): void {
    this.#stopTimer?.();
    this.#groups.clear();
  }

  *#watches(types: readonly ViewKey['type'][], id: number | null): Generator<Watch> {
    const groups = id === null ? this.#groups.values() : types.map((type) => this.#groups.get(groupOf(type, id)));
    for (const group of groups)
      for (const watch of group?.values() ?? []) if (types.includes(watch.key.type)) yield watch;
  }

  #look(): void {
    this.#stopTimer = null;
    for (const group of this.#groups.values()) for (const watch of group.values()) lookAt(watch);
  }
}

function startOf(key: ViewKey, follows: readonly WatchedFollow[]): Watch {
  const counts = follows.map(({ changes }) => changes.count);
  return { key, follows, watchers: new Map(), armed: new Set(PARTS), counts };
}

/** Tells of changes in what the document follows since the last look. */
function lookAt(watch: Watch): void {
  watch.follows.forEach(({ part, changes, keyOf }, index) => {
    if (!watch.armed.has(part)) return;
    const ids = changes.since(watch.counts[index] ?? 0, MOST_CHANGES);
    watch.counts[index] = changes.count;
    if (ids === null || ids.some((id) => keyOf(id) !== null)) tell(watch, part); // VIEW-61
  });
}

function tell({ armed, watchers }: Watch, part: Part): void {
  if (!armed.delete(part)) return; // VIEW-60
  for (const changed of watchers.keys()) changed(part);
}
