import type { Departure, PassingEvent, Person } from './events.ts';
import type { Contribution, PresenceChange } from './hints.ts';
import type { NodeId, PersonId } from './ids.ts';

type Known = { readonly version: number; readonly contribution: Contribution | null };

const LOST: Departure = { type: 'lost' };
const LEFT: Departure = { type: 'left' };

/** What one node said: all up to `floor` is known, so nothing up to there is news any more. */
type Node = { floor: number; readonly people: Map<PersonId, Known> };

/**
 * Who is present, merged from what each node says of its own connections. Changes of a node carry versions, so lost,
 * repeated and late ones do no harm: the next snapshot heals what was lost (WORLD-40).
 */
export class Presence {
  readonly #nodes = new Map<NodeId, Node>();
  readonly #merged = new Map<PersonId, Contribution>();
  readonly #bySkeleton = new Map<string, PersonId>();

  /** Everybody who is present, in order of entering. */
  get all(): Iterable<Contribution> {
    return this.#merged.values();
  }

  get size(): number {
    return this.#merged.size;
  }

  /** Of how many people something is remembered, node by node, also of those who are gone. */
  get remembered(): number {
    return [...this.#nodes.values()].reduce((sum, { people }) => sum + people.size, 0);
  }

  get(person: PersonId): Contribution | undefined {
    return this.#merged.get(person);
  }

  /** Who bears a name of this skeleton now. */
  bearer(skeleton: string): Contribution | undefined {
    const person = this.#bySkeleton.get(skeleton);
    return person === undefined ? undefined : this.#merged.get(person);
  }

  /** What one node contributes. */
  of(node: NodeId): Contribution[] {
    return [...(this.#nodes.get(node)?.people.values() ?? [])].flatMap(({ contribution }) => contribution ?? []);
  }

  /** What a node says of a person. */
  said(node: NodeId, person: PersonId): Contribution | null {
    return this.#nodes.get(node)?.people.get(person)?.contribution ?? null;
  }

  /** The nodes that contribute this person. */
  nodesOf(person: PersonId): NodeId[] {
    return [...this.#nodes].filter(([, { people }]) => people.get(person)?.contribution != null).map(([node]) => node);
  }

  /** One change of a node's contributions; a version that is not newer than what is known changes nothing. */
  change(node: NodeId, { person, version, contribution, departure }: PresenceChange): PassingEvent[] {
    const said = this.#node(node);
    if (version <= Math.max(said.floor, said.people.get(person)?.version ?? 0)) return []; // WORLD-41
    const isNext = version === said.floor + 1; // WORLD-44
    if (isNext) said.floor = version;
    if (isNext && contribution === null) said.people.delete(person);
    else said.people.set(person, { version, contribution });
    return this.#merge(person, departure ?? LOST);
  }

  /** All that a node contributes as of a version; what it changed later than that stays. */
  snapshot(node: NodeId, version: number, contributions: readonly Contribution[]): PassingEvent[] {
    const said = this.#node(node);
    if (version < said.floor) return []; // WORLD-41
    const listed = new Set(contributions.map(({ person }) => person));
    const events = contributions.flatMap((contribution) => {
      if ((said.people.get(contribution.person)?.version ?? 0) > version) return []; // WORLD-41
      said.people.set(contribution.person, { version, contribution });
      return this.#merge(contribution.person, LOST);
    });
    for (const [person, known] of said.people) {
      if (listed.has(person) || known.version > version) continue; // WORLD-41
      said.people.delete(person);
      events.push(...this.#merge(person, LOST));
    }
    said.floor = version;
    return events;
  }

  /** A node is gone, and with it everything it contributed. */
  removeNode(node: NodeId): PassingEvent[] {
    const said = this.#nodes.get(node);
    this.#nodes.delete(node);
    return [...(said?.people.keys() ?? [])].flatMap((person) => this.#merge(person, LOST));
  }

  #node(id: NodeId): Node {
    const node = this.#nodes.get(id) ?? { floor: 0, people: new Map<PersonId, Known>() };
    this.#nodes.set(id, node);
    return node;
  }

  #merge(person: PersonId, departure: Departure): PassingEvent[] {
    const before = this.#merged.get(person);
    const after = merge([...this.#nodes.values()].flatMap(({ people }) => people.get(person)?.contribution ?? []));
    if (before !== undefined && this.#bySkeleton.get(before.skeleton) === person)
      this.#bySkeleton.delete(before.skeleton);
    if (after === undefined) this.#merged.delete(person);
    else {
      this.#merged.set(person, after);
      this.#bySkeleton.set(after.skeleton, person);
    }
    return eventsBetween(before, after, after === undefined ? departure : LEFT);
  }
}

/** What others see of a change; somebody invisible is not there for them (WORLD-62). */
function eventsBetween(
  before: Contribution | undefined,
  after: Contribution | undefined,
  departure: Departure,
): PassingEvent[] {
  const was = before !== undefined && isVisible(before) ? before : null; // WORLD-62
  const is = after !== undefined && isVisible(after) ? after : null; // WORLD-62
  if (was === null) return is === null ? [] : [{ type: 'person-entered', person: shown(is) }];
  if (is === null) return [{ type: 'person-left', person: shown(was), departure }];
  const events: PassingEvent[] = [];
  if (is.name !== was.name) events.push({ type: 'person-renamed', person: shown(is), before: was.name });
  if (is.status.spelling !== was.status.spelling) events.push({ type: 'person-changed', person: shown(is) }); // WORLD-61
  return events;
}

/** Whether others see the person (WORLD-62). */
export function isVisible({ status }: Contribution): boolean {
  return status.presence !== 'offline'; // WORLD-62
}

/**
 * One value from what all nodes say of a person, whatever the order they come in: the oldest contribution counts, with
 * the status that was set last (WORLD-61), and one connection that can be reached is enough.
 */
export function merge(contributions: readonly Contribution[]): Contribution | undefined {
  const oldest = contributions.toSorted((a, b) => a.since - b.since || (a.name < b.name ? -1 : 1))[0];
  const newest = contributions.toSorted(
    (a, b) => b.statusAt - a.statusAt || (a.status.spelling < b.status.spelling ? -1 : 1), // WORLD-61
  )[0];
  if (oldest === undefined || newest === undefined || contributions.length === 1) return oldest;
  const { status, statusAt } = newest;
  return { ...oldest, status, statusAt, reachable: contributions.some(({ reachable }) => reachable) };
}

function shown({ person, name }: Contribution): Person {
  return { id: person, name };
}
