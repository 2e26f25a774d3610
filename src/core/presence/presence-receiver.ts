import type { NodeMessage, PresenceChange, PresencePart, PresenceRecord } from '../model/bus-message.ts';
import type { PresenceEvent } from '../model/events.ts';
import type { NodeId, PersonId } from '../model/ids.ts';
import type { Bus, Clock } from '../ports.ts';
import type { Presence } from './presence.ts';

/** How long a node that lacks much waits for another one that may be dead. */
const ANSWER_MS = 1_000;

export type PresenceMessage = Extract<NodeMessage, { type: 'heartbeat' | 'presence' | 'people' }>;

/** What followed from a message: events, and the people whom it told of. */
export type Received = { readonly events: readonly PresenceEvent[]; readonly people: readonly PersonId[] };

/** The parts that have come of all that a node reports at a version. */
type Parts = { readonly version: number; readonly records: Map<number, readonly PresenceRecord[]>; count: number };

const NOTHING: Received = { events: [], people: [] };

/** Takes what other nodes report of their people, and asks a node for what is missing. */
export class PresenceReceiver {
  readonly #node: NodeId;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #presence: Presence;
  readonly #parts = new Map<NodeId, Parts>();
  /** The nodes of which a part came after their last heartbeat: their answer is on its way. */
  readonly #answering = new Set<NodeId>();
  /** Those who wait for the answer of a node. */
  readonly #whenAnswered = new Map<NodeId, () => void>();

  constructor(node: NodeId, { bus, clock }: { readonly bus: Bus; readonly clock: Clock }, presence: Presence) {
    this.#node = node;
    this.#bus = bus;
    this.#clock = clock;
    this.#presence = presence;
  }

  /** Takes a message. One that was sent to this node alone is an answer. */
  receive(message: PresenceMessage, isAnswer: boolean): Received {
    const received = this.#take(message);
    if (isAnswer && message.version <= this.#presence.versionOf(message.node)) this.#resolve(message.node);
    return received;
  }

  /** Asks nodes for what is not here, and resolves when all have answered, at the latest after a second. */
  async catchUp(nodes: readonly NodeId[]): Promise<void> {
    const answers = nodes.map((node) => {
      this.#resolve(node);
      return new Promise<void>((resolve) => this.#whenAnswered.set(node, resolve));
    });
    const cancel = this.#clock.after(ANSWER_MS, () => {
      for (const node of nodes) this.#resolve(node);
    });
    for (const node of nodes) this.ask(node);
    await Promise.all(answers);
    cancel();
  }

  #resolve(node: NodeId): void {
    this.#whenAnswered.get(node)?.();
    this.#whenAnswered.delete(node);
  }

  #take(message: PresenceMessage): Received {
    switch (message.type) {
      case 'heartbeat':
        if (!this.#answering.delete(message.node) && message.version > this.#presence.versionOf(message.node))
          this.ask(message.node); // WORLD-281
        return NOTHING;
      case 'presence':
        return {
          events: this.#presence.update(message.node, { ...message, changes: message.changes.map(asSeenElsewhere) }),
          people: message.changes.map(({ person }) => person),
        };
      case 'people':
        return this.#part(message.node, message);
    }
  }

  /** Asks a node for what is not here of its reports. */
  ask(node: NodeId): void {
    this.#bus.publish(`node/${node}`, { type: 'ask', node: this.#node, version: this.#presence.versionOf(node) });
  }

  /** The node is gone, and so are its people. */
  forget(node: NodeId): PresenceEvent[] {
    this.#parts.delete(node);
    this.#answering.delete(node);
    this.#resolve(node);
    return this.#presence.removeNode(node);
  }

  #part(node: NodeId, { version, part, isLast, records }: PresencePart): Received {
    const known = this.#parts.get(node);
    if (version < (known?.version ?? 0)) return NOTHING;
    this.#answering.add(node);
    const parts = known?.version === version ? known : { version, records: new Map(), count: Infinity };
    this.#parts.set(node, parts);
    parts.records.set(part, records);
    if (isLast) parts.count = part + 1;
    if (parts.records.size < parts.count) return NOTHING; // WORLD-283
    this.#parts.delete(node);
    this.#answering.delete(node);
    const all = Array.from({ length: parts.count }, (_, index) => parts.records.get(index) ?? []).flat();
    return { events: this.#presence.snapshot(node, version, all), people: all.map(({ person }) => person) };
  }
}

/** Where a node stops, its own people are not shown leaving, for all are cut off; on other nodes they are lost (WORLD-291). */
function asSeenElsewhere(change: PresenceChange): PresenceChange {
  return change.departure?.type === 'stopped' ? { ...change, departure: { type: 'lost' } } : change; // WORLD-291
}
