import type { PresenceChange, PresenceRecord, PresenceUpdate } from '../model/bus-message.ts';
import type { PresenceEvent } from '../model/events.ts';
import type { NodeId, PersonId } from '../model/ids.ts';
import type { Departure, Person } from '../model/person.ts';
import { isSameStatus, type Status } from '../text/status.ts';

type Report = { readonly version: number; readonly record: PresenceRecord | null };

const LOST: Departure = { type: 'lost' };
const LEFT: Departure = { type: 'left' };

/**
 * The reports of one node. All its changes up to version `floor` are applied, so a repeated one is ignored. Of people who left
 * after a change that is missing a report stays, without a record, until that change has come.
 */
type NodeReports = { floor: number; readonly people: Map<PersonId, Report>; readonly left: Set<PersonId> };

/**
 * Who is present, merged from what each node reports of its own people (WORLD-40). The changes of a node carry versions, so
 * repeated and late ones are ignored, and it is known up to which version none is missing.
 */
export class Presence {
  readonly #nodes = new Map<NodeId, NodeReports>();
  readonly #merged = new Map<PersonId, PresenceRecord>();
  readonly #bySkeleton = new Map<string, PersonId>();
  #visibleGuests = 0;

  /** All people who are present, in order of entering. */
  get all(): Iterable<PresenceRecord> {
    return this.#merged.values();
  }

  get size(): number {
    return this.#merged.size;
  }

  /** The number of guests who are present and visible. */
  get visibleGuests(): number {
    return this.#visibleGuests;
  }

  /** The number of reports in memory, over all nodes, also of people who have left. */
  get rememberedPeople(): number {
    return [...this.#nodes.values()].reduce((sum, { people }) => sum + people.size, 0);
  }

  get(person: PersonId): PresenceRecord | undefined {
    return this.#merged.get(person);
  }

  /** The person who has a name of this skeleton now. */
  holderOf(skeleton: string): PresenceRecord | undefined {
    const person = this.#bySkeleton.get(skeleton);
    return person === undefined ? undefined : this.#merged.get(person);
  }

  /** The records of all people whom a node reports as present. */
  recordsOf(node: NodeId): PresenceRecord[] {
    return [...(this.#nodes.get(node)?.people.values() ?? [])].flatMap(({ record }) => record ?? []);
  }

  /** A node's record of a person; null if the node does not report the person as present. */
  reportedBy(node: NodeId, person: PersonId): PresenceRecord | null {
    return this.#nodes.get(node)?.people.get(person)?.record ?? null;
  }

  /** The nodes that report this person as present. */
  nodesOf(person: PersonId): NodeId[] {
    return [...this.#nodes].filter(([, { people }]) => people.get(person)?.record != null).map(([node]) => node);
  }

  /** All changes of the node up to this version are here; 0 if nothing is. */
  versionOf(node: NodeId): number {
    return this.#nodes.get(node)?.floor ?? 0;
  }

  /** Applies changes of a node's reports; a change that is not newer than the known one changes nothing. */
  update(node: NodeId, { since, version, changes }: PresenceUpdate): PresenceEvent[] {
    const reports = this.#node(node);
    const follows = since <= reports.floor; // WORLD-281
    const events = changes.flatMap((change) => this.#change(reports, change, follows));
    if (follows) forgetUpTo(reports, version);
    return events;
  }

  /** Replaces a node's reports by all that it had at a version; changes after that version stay. */
  snapshot(node: NodeId, version: number, records: readonly PresenceRecord[]): PresenceEvent[] {
    const reports = this.#node(node);
    if (version < reports.floor) return []; // WORLD-41
    const listed = new Set(records.map(({ person }) => person));
    const events = records.flatMap((record) => {
      if ((reports.people.get(record.person)?.version ?? 0) > version) return []; // WORLD-41
      reports.people.set(record.person, { version, record });
      return this.#merge(record.person, LOST);
    });
    for (const [person, report] of reports.people) {
      if (listed.has(person) || report.version > version) continue; // WORLD-41
      reports.people.delete(person);
      events.push(...this.#merge(person, LOST));
    }
    forgetUpTo(reports, version);
    return events;
  }

  /** Forgets a node and everything it reported. */
  removeNode(node: NodeId): PresenceEvent[] {
    const reports = this.#nodes.get(node);
    this.#nodes.delete(node);
    return [...(reports?.people.keys() ?? [])].flatMap((person) => this.#merge(person, LOST));
  }

  #node(id: NodeId): NodeReports {
    const node = this.#nodes.get(id) ?? { floor: 0, people: new Map<PersonId, Report>(), left: new Set<PersonId>() };
    this.#nodes.set(id, node);
    return node;
  }

  #change(reports: NodeReports, change: PresenceChange, follows: boolean): PresenceEvent[] {
    const { person, version, record, departure } = change;
    if (version <= Math.max(reports.floor, reports.people.get(person)?.version ?? 0)) return []; // WORLD-41
    if (record === null && follows)
      reports.people.delete(person); // WORLD-44
    else reports.people.set(person, { version, record });
    if (record === null && !follows) reports.left.add(person);
    return this.#merge(person, departure ?? LOST);
  }

  #merge(person: PersonId, departure: Departure): PresenceEvent[] {
    const before = this.#merged.get(person);
    const records: PresenceRecord[] = [];
    for (const { people } of this.#nodes.values()) {
      const record = people.get(person)?.record;
      if (record) records.push(record);
    }
    const after = merge(records);
    if (before !== undefined && this.#bySkeleton.get(before.skeleton) === person)
      this.#bySkeleton.delete(before.skeleton);
    if (after === undefined) this.#merged.delete(person);
    else {
      this.#merged.set(person, after);
      this.#bySkeleton.set(after.skeleton, person);
    }
    this.#visibleGuests += Number(isVisibleGuest(after)) - Number(isVisibleGuest(before)); // VIEW-47
    return eventsBetween(before, after, after === undefined ? departure : LEFT);
  }
}

/** No change up to this version is missing: of people who left until then nothing has to be remembered (WORLD-44). */
function forgetUpTo(reports: NodeReports, version: number): void {
  reports.floor = Math.max(reports.floor, version);
  for (const person of reports.left) {
    const report = reports.people.get(person);
    if (report?.record === null && report.version > reports.floor) continue;
    reports.left.delete(person);
    if (report?.record === null) reports.people.delete(person); // WORLD-44
  }
}

/** What others see of a change; an invisible person does not exist for them (WORLD-62). */
function eventsBetween(
  before: PresenceRecord | undefined,
  after: PresenceRecord | undefined,
  departure: Departure,
): PresenceEvent[] {
  const was = before !== undefined && isVisible(before) ? before : null; // WORLD-62
  const is = after !== undefined && isVisible(after) ? after : null; // WORLD-62
  if (was === null) return is === null ? [] : [{ type: 'person-entered', person: personOf(is) }];
  if (is === null) return [{ type: 'person-left', person: personOf(was), departure }];
  const events: PresenceEvent[] = [];
  if (is.name !== was.name) events.push({ type: 'person-renamed', person: personOf(is), before: was.name });
  if (!isSameStatus(is.status, was.status)) events.push({ type: 'person-changed', person: personOf(is) }); // WORLD-61 WORLD-131
  return events;
}

/** Whether others see the person (WORLD-62). */
export function isVisible({ status }: PresenceRecord): boolean {
  return status.presence !== 'offline'; // WORLD-62
}

function isVisibleGuest(record: PresenceRecord | undefined): boolean {
  return record !== undefined && !record.account && isVisible(record);
}

/**
 * Merges the records of all nodes of one person; their order does not matter. The oldest record counts, with the status
 * that was set last (WORLD-61). The person accepts direct messages if one node says so.
 */
export function merge(records: readonly PresenceRecord[]): PresenceRecord | undefined {
  if (records.length <= 1) return records[0];
  const oldest = records.toSorted((a, b) => a.since - b.since || (a.name < b.name ? -1 : 1))[0];
  const newest = records.toSorted(
    (a, b) => b.statusAt - a.statusAt || (orderOf(a.status) < orderOf(b.status) ? -1 : 1), // WORLD-61
  )[0];
  if (oldest === undefined || newest === undefined) return oldest;
  const { status, statusAt } = newest;
  return { ...oldest, status, statusAt, acceptsDirect: records.some(({ acceptsDirect }) => acceptsDirect) };
}

/** Any order will do, if it is the same on every node. */
function orderOf({ spelling, presence, text }: Status): string {
  return JSON.stringify([spelling, presence, text]);
}

function personOf({ person, name }: PresenceRecord): Person {
  return { id: person, name };
}
