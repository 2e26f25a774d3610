import type { NodeMessage, PresenceChange, PresenceRecord } from '../model/bus-message.ts';
import type { NodeId, PersonId } from '../model/ids.ts';
import type { Departure } from '../model/person.ts';
import type { Bus, Clock } from '../ports.ts';
import { jsonParts } from './json-parts.ts';
import { PresenceLog } from './presence-log.ts';

/** The most bytes of a message, so that no part keeps the event loop for long. */
const PART_BYTES = 65_536;
/** Room for what surrounds the records in a message. */
const ENVELOPE_BYTES = 512;

/** Tells other nodes who is present on this one: changes as they come, and what a node missed when it asks. */
export class PresenceSender {
  readonly #node: NodeId;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #isAlone: () => boolean;
  readonly #log = new PresenceLog();
  /** Changes that go out at the end of this turn. */
  #changes: PresenceChange[] = [];
  /** The nodes that asked, with the rest of their answers. */
  readonly #answers = new Map<NodeId, Iterator<NodeMessage>>();

  /** While the node is alone, as far as `isAlone` says, changes are not sent: who comes asks for them. */
  constructor(node: NodeId, { bus, clock }: { readonly bus: Bus; readonly clock: Clock }, isAlone: () => boolean) {
    this.#node = node;
    this.#bus = bus;
    this.#clock = clock;
    this.#isAlone = isAlone;
  }

  /** Notes a change, which other nodes are told of at the end of this turn. */
  add(person: PersonId, record: PresenceRecord | null, departure: Departure | null): PresenceChange {
    const change = this.#log.add(person, record, departure);
    if (this.#changes.length === 0) {
      if (this.#isAlone()) return change;
      this.#clock.endOfTurn(() => this.#flush()); // WORLD-280
    }
    this.#changes.push(change);
    return change;
  }

  /** Tells all nodes which version there is, so that each can find out what it lacks. */
  heartbeat(): void {
    this.#flush();
    this.#bus.publish('nodes', { type: 'heartbeat', node: this.#node, version: this.#log.version });
  }

  /** Sends a node what it lacks, a part at a time, or that it lacks nothing; not twice at once. */
  answer(to: NodeId, version: number): void {
    if (this.#answers.has(to)) return; // WORLD-284
    this.#answers.set(to, this.#missing(version));
    if (this.#answers.size === 1) this.#sendNext();
  }

  /** The node is gone: it is answered no more. */
  forget(node: NodeId): void {
    this.#answers.delete(node);
  }

  #flush(): void {
    const changes = this.#changes.splice(0);
    const [first] = changes;
    if (first !== undefined)
      for (const message of this.#updates(first.version - 1, changes)) this.#bus.publish('nodes', message); // WORLD-280
  }

  *#missing(version: number): Generator<NodeMessage> {
    const changes = this.#log.since(version);
    if (changes === null) yield* this.#everybody();
    else if (version < this.#log.version) yield* this.#updates(version, changes, this.#log.version);
    else yield { type: 'presence', node: this.#node, since: version, version, changes };
  }

  *#updates(
    after: number,
    changes: readonly PresenceChange[],
    upTo = changes.at(-1)?.version ?? after,
  ): Generator<NodeMessage> {
    let since = after;
    let rest = changes.length;
    for (const part of jsonParts(changes, this.#maxBytes)) {
      rest -= part.length;
      const version = rest === 0 ? upTo : (part.at(-1)?.version ?? since);
      yield { type: 'presence', node: this.#node, since, version, changes: part };
      since = version;
    }
    if (since < upTo) yield { type: 'presence', node: this.#node, since, version: upTo, changes: [] };
  }

  *#everybody(): Generator<NodeMessage> {
    const { version } = this.#log;
    const records = this.#log.records();
    let part = 0;
    let rest = records.length;
    for (const some of jsonParts(records, this.#maxBytes)) {
      rest -= some.length;
      yield { type: 'people', node: this.#node, version, part: part++, isLast: rest === 0, records: some };
    }
    if (part === 0) yield { type: 'people', node: this.#node, version, part, isLast: true, records };
  }

  /** Sends one part to the node that waits longest, and goes on in another turn, so that all else has its turn in between. */
  #sendNext(): void {
    const [first] = this.#answers;
    if (first === undefined) return;
    const [to, rest] = first;
    const { value, done } = rest.next();
    this.#answers.delete(to);
    if (done !== true) {
      this.#bus.publish(`node/${to}`, value); // WORLD-283
      this.#answers.set(to, rest);
    }
    if (this.#answers.size > 0) this.#clock.soon(() => this.#sendNext()); // WORLD-284
  }

  get #maxBytes(): number {
    return Math.min(PART_BYTES, this.#bus.maxBytes - ENVELOPE_BYTES);
  }
}
