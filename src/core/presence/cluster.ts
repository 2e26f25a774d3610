import type { Departure, EphemeralEvent } from '../model/events.ts';
import type { PresenceRecord, BusMessage, PresenceChange } from '../model/bus-message.ts';
import type { NodeId, PersonId, StreamId } from '../model/ids.ts';
import type { Bus, Clock, Names } from '../ports.ts';
import { Presence } from './presence.ts';

const SNAPSHOT_MS = 5_000;
const SILENT_MS = 10_000;
const TICK_MS = 1_000;
const POLL_MS = 2_000;
const CHALLENGE_MS = 3_000;
const ANSWER_MS = 4_000;

export type ClusterHost = {
  readonly node: NodeId;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly names: Names;
  /** What hints did to the merged presence. */
  changed(events: readonly EphemeralEvent[]): void;
  observePosition(stream: StreamId, head: number): void;
  /** Time to ask storage what hints may have lost. */
  pollPositions(): void;
  /** Asks the connections of a person of this node for a sign of life; `alive` may be called once. */
  probe(person: PersonId, alive: () => void): void;
  /** A person of this node has to go. */
  remove(person: PersonId, departure: Departure): Promise<void>;
};

/** What a node says of somebody, apart from who and since when. */
export type PresenceReport = Omit<PresenceRecord, 'person' | 'since'>;

/** This node among all: what it tells the others of its people, and what it makes of what they tell. One node is n = 1. */
export class Cluster {
  readonly presence = new Presence();
  readonly #host: ClusterHost;
  readonly #heardFrom = new Map<NodeId, number>();
  readonly #waiting = new Map<PersonId, ((alive: boolean) => void)[]>();
  readonly #unsubscribe: () => void;
  #version = 0;
  #lastTick: number;
  #lastPoll: number;
  #lastSnapshot: number;
  #stopTick: () => void;

  constructor(host: ClusterHost) {
    this.#host = host;
    this.#lastTick = this.#lastPoll = this.#lastSnapshot = host.clock.monotonic();
    this.#unsubscribe = host.bus.subscribe((message) => this.#receive(message));
    this.#stopTick = host.clock.after(TICK_MS, () => this.#tick());
  }

  close(): void {
    this.#unsubscribe();
    this.#stopTick();
  }

  /** Changes what this node says of a person, and tells the others. */
  report(person: PersonId, said: PresenceReport | null, departure: Departure | null): EphemeralEvent[] {
    const { node, bus, clock } = this.#host;
    const since = this.presence.get(person)?.since ?? clock.now();
    const record: PresenceRecord | null = said && { ...said, person, since };
    const change: PresenceChange = { version: ++this.#version, person, record: record, departure };
    const events = this.presence.change(node, change);
    bus.publish({ type: 'presence', node, changes: [change] });
    return events;
  }

  /** Tells the others how far streams have got. */
  announcePositions(positions: readonly (readonly [StreamId, number])[]): void {
    if (positions.length > 0) this.#host.bus.publish({ type: 'positions', node: this.#host.node, positions });
  }

  /** False only if the holder was asked and is known to be silent; a lost question, or one still to come in, counts as alive (WORLD-25). */
  async challenge(person: PersonId, node: NodeId): Promise<boolean> {
    if (this.presence.get(person) === undefined) return true; // WORLD-25
    if (node === this.#host.node) return this.#probe(person);
    this.#host.bus.publish({ type: 'challenge', node: this.#host.node, to: node, person });
    return new Promise((resolve) => {
      const cancel = this.#host.clock.after(ANSWER_MS, () => resolve(true)); // WORLD-25
      const waiting = this.#waiting.get(person) ?? [];
      this.#waiting.set(person, waiting);
      waiting.push((alive) => {
        cancel();
        resolve(alive);
      });
    });
  }

  /** Ends a person's presence on whichever nodes have it. */
  async kick(person: PersonId, reason: string): Promise<void> {
    for (const node of this.presence.nodesOf(person)) {
      if (node === this.#host.node) await this.#host.remove(person, { type: 'removed', reason });
      else this.#host.bus.publish({ type: 'kick', node: this.#host.node, person, reason });
    }
  }

  /** Asks a person of this node; after 3 s of silence the person is gone (WORLD-24). */
  async #probe(person: PersonId): Promise<boolean> {
    const alive = await new Promise<boolean>((resolve) => {
      const cancel = this.#host.clock.after(CHALLENGE_MS, () => resolve(false)); // WORLD-24
      this.#host.probe(person, () => {
        cancel();
        resolve(true);
      });
    });
    if (!alive) await this.#host.remove(person, { type: 'lost' });
    return alive;
  }

  #receive(message: BusMessage): void {
    const { node } = this.#host;
    this.#heardFrom.set(message.node, this.#host.clock.monotonic());
    switch (message.type) {
      case 'positions':
        for (const [stream, head] of message.positions) this.#host.observePosition(stream, head);
        return;
      case 'presence':
        this.#host.changed(message.changes.flatMap((change) => this.presence.change(message.node, change)));
        return this.#adoptStatus(message.changes);
      case 'snapshot':
        this.#host.changed(this.presence.snapshot(message.node, message.version, message.records));
        return this.#adoptStatus(message.records);
      case 'challenge':
        if (message.to === node) void this.#answer(message.person, message.node);
        return;
      case 'answer':
        if (message.to !== node) return;
        for (const answer of this.#waiting.get(message.person) ?? []) answer(message.alive);
        this.#waiting.delete(message.person);
        return;
      case 'kick':
        if (this.presence.nodesOf(message.person).includes(node))
          void this.#host.remove(message.person, { type: 'removed', reason: message.reason });
    }
  }

  /** Says the same of the status of its own people as the node where it was set last: it stays when that one is gone (WORLD-61). */
  #adoptStatus(people: readonly { readonly person: PersonId }[]): void {
    for (const { person } of people) {
      const own = this.presence.reportedBy(this.#host.node, person);
      const merged = this.presence.get(person);
      if (own === null || merged === undefined || merged.statusAt <= own.statusAt) continue; // WORLD-61
      const { status, statusAt } = merged;
      this.#host.changed(this.report(person, { ...own, status, statusAt }, null));
    }
  }

  async #answer(person: PersonId, to: NodeId): Promise<void> {
    const { node, bus } = this.#host;
    const alive = this.presence.nodesOf(person).includes(node) && (await this.#probe(person));
    bus.publish({ type: 'answer', node, to, person, alive });
  }

  #tick(): void {
    const now = this.#host.clock.monotonic();
    const slept = now - this.#lastTick > SILENT_MS;
    this.#lastTick = now;
    this.#stopTick = this.#host.clock.after(TICK_MS, () => this.#tick());
    if (slept) void this.#reclaim();
    for (const [node, heard] of this.#heardFrom) if (now - heard > SILENT_MS && !slept) this.#lose(node); // WORLD-42
    if (now - this.#lastPoll >= POLL_MS) {
      this.#lastPoll = now;
      this.#host.pollPositions();
    }
    if (now - this.#lastSnapshot < SNAPSHOT_MS) return;
    this.#lastSnapshot = now;
    const { node, bus } = this.#host;
    bus.publish({ type: 'snapshot', node, version: this.#version, records: this.presence.recordsOf(node) });
  }

  #lose(node: NodeId): void {
    this.#heardFrom.delete(node);
    void this.#host.names.releaseNode(node);
    this.#host.changed(this.presence.removeNode(node));
  }

  /** A node that slept so long that others gave its names away keeps only those it can claim again (WORLD-43). */
  async #reclaim(): Promise<void> {
    for (const { person, skeleton } of this.presence.recordsOf(this.#host.node)) {
      const claim = await this.#host.names.claim(skeleton, person, this.#host.node);
      if (!claim.won) await this.#host.remove(person, { type: 'lost' }); // WORLD-43
    }
  }
}
