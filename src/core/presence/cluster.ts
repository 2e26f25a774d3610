import type { StoragePoll } from '../engine/storage-poll.ts';
import type { BusMessage, PresenceChange, PresenceRecord } from '../model/bus-message.ts';
import type { PresenceEvent } from '../model/events.ts';
import type { NodeId, PersonId } from '../model/ids.ts';
import type { Departure } from '../model/person.ts';
import type { Bus, Clock, Log, Names } from '../ports.ts';
import { Presence } from './presence.ts';

const SNAPSHOT_MS = 5_000;
const SILENT_MS = 10_000;
const TICK_MS = 1_000;
const POLL_MS = 1_000;
const CHALLENGE_MS = 3_000;
const ANSWER_MS = 4_000;

/** What the cluster needs of the people on this node. */
export interface LocalPeople {
  /** Publishes events of a presence that bus messages changed. */
  changed(events: readonly PresenceEvent[]): void;
  /** Asks the connections of a person for a sign of life; `alive` may be called once. */
  probe(person: PersonId, alive: () => void): void;
  /** Ends all sessions of a person; `ended` is called when that is published. */
  remove(person: PersonId, departure: Departure, ended: () => void): void;
}

/** What bus messages and timers are passed on to; first called when one comes. */
type Listeners = { people(): LocalPeople };

/** What this node reports of a person; the cluster adds the person and the time of entering. */
export type PresenceReport = Omit<PresenceRecord, 'person' | 'since'>;

type ClusterPorts = { readonly bus: Bus; readonly clock: Clock; readonly names: Names; readonly log: Log };

/** Tells other nodes of this node's people, and applies what they tell. A single node is the case n = 1. */
export class Cluster {
  readonly node: NodeId;
  readonly presence = new Presence();
  /** When true, new people and commands are refused (WORLD-50). */
  isStopping = false;
  readonly #ports: ClusterPorts;
  readonly #poll: StoragePoll;
  /** When each other node was last heard from, in monotonic milliseconds. */
  readonly #heardFrom = new Map<NodeId, number>();
  /** Callers of `challenge` that wait for an answer from another node. */
  readonly #waiting = new Map<PersonId, ((alive: boolean) => void)[]>();
  readonly #listeners: Listeners;
  readonly #unsubscribe: () => void;
  #version = 0;
  #lastTick: number;
  #lastPoll: number;
  #lastSnapshot: number;
  #stopTick: () => void;

  constructor(node: NodeId, ports: ClusterPorts, poll: StoragePoll, listeners: Listeners) {
    this.node = node;
    this.#ports = ports;
    this.#poll = poll;
    this.#listeners = listeners;
    this.#lastTick = this.#lastPoll = this.#lastSnapshot = ports.clock.monotonic();
    this.#unsubscribe = ports.bus.subscribe('nodes', (message) => this.#receive(message));
    this.#stopTick = ports.clock.after(TICK_MS, () => this.#tick());
  }

  /** Takes the lease of this node, without which nobody can claim a name; rejects when the service is unavailable. */
  async open(): Promise<void> {
    await this.#ports.names.renew(this.node);
  }

  close(): void {
    this.#unsubscribe();
    this.#stopTick();
  }

  /** Changes what this node reports of a person and tells the other nodes; returns the events that follow. */
  report(person: PersonId, report: PresenceReport | null, departure: Departure | null): PresenceEvent[] {
    const since = this.presence.get(person)?.since ?? this.#ports.clock.now();
    const record: PresenceRecord | null = report && { ...report, person, since };
    const change: PresenceChange = { version: ++this.#version, person, record, departure };
    const events = this.presence.change(this.node, change);
    this.#ports.bus.publish('nodes', { type: 'presence', node: this.node, changes: [change] });
    return events;
  }

  /** This node's record of a person; null if the person is not present on this node. */
  reported(person: PersonId): PresenceRecord | null {
    return this.presence.reportedBy(this.node, person);
  }

  /** Asks the holder of a name for a sign of life. False only after silence; a lost question counts as alive (WORLD-25). */
  async challenge(person: PersonId, node: NodeId): Promise<boolean> {
    if (this.presence.get(person) === undefined) return true; // WORLD-25
    if (node === this.node) return this.#probe(person);
    this.#ports.bus.publish('nodes', { type: 'challenge', node: this.node, to: node, person });
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(ANSWER_MS, () => resolve(true)); // WORLD-25
      const waiting = this.#waiting.get(person) ?? [];
      this.#waiting.set(person, waiting);
      waiting.push((alive) => {
        cancel();
        resolve(alive);
      });
    });
  }

  /** Ends the person's sessions on every node. */
  async kick(person: PersonId, reason: string): Promise<void> {
    for (const node of this.presence.nodesOf(person)) {
      if (node === this.node) await this.#remove(person, { type: 'removed', reason });
      else this.#ports.bus.publish('nodes', { type: 'kick', node: this.node, person, reason });
    }
  }

  /** Asks a person of this node; after 3 s of silence the person is removed (WORLD-24). */
  async #probe(person: PersonId): Promise<boolean> {
    const alive = await new Promise<boolean>((resolve) => {
      const cancel = this.#ports.clock.after(CHALLENGE_MS, () => resolve(false)); // WORLD-24
      this.#listeners.people().probe(person, () => {
        cancel();
        resolve(true);
      });
    });
    if (!alive) await this.#remove(person, { type: 'lost' });
    return alive;
  }

  #receive(message: BusMessage): void {
    const { node } = this;
    this.#heardFrom.set(message.node, this.#ports.clock.monotonic());
    switch (message.type) {
      case 'presence':
        this.#listeners
          .people()
          .changed(message.changes.flatMap((change) => this.presence.change(message.node, change)));
        return this.#adoptStatus(message.changes);
      case 'snapshot':
        this.#listeners.people().changed(this.presence.snapshot(message.node, message.version, message.records));
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
          void this.#remove(message.person, { type: 'removed', reason: message.reason });
        return;
      default: // It is about a stream.
        return;
    }
  }

  /** Takes over a status that was set later on another node, so that it stays when that node is gone (WORLD-61). */
  #adoptStatus(people: readonly { readonly person: PersonId }[]): void {
    for (const { person } of people) {
      const own = this.reported(person);
      const merged = this.presence.get(person);
      if (own === null || merged === undefined || merged.statusAt <= own.statusAt) continue; // WORLD-61
      const { status, statusAt } = merged;
      this.#listeners.people().changed(this.report(person, { ...own, status, statusAt }, null));
    }
  }

  async #answer(person: PersonId, to: NodeId): Promise<void> {
    const { node } = this;
    const alive = this.presence.nodesOf(person).includes(node) && (await this.#probe(person));
    this.#ports.bus.publish('nodes', { type: 'answer', node, to, person, alive });
  }

  #tick(): void {
    const now = this.#ports.clock.monotonic();
    const slept = now - this.#lastTick > SILENT_MS;
    this.#lastTick = now;
    this.#stopTick = this.#ports.clock.after(TICK_MS, () => this.#tick());
    if (slept) void this.#reclaim();
    for (const [node, heard] of this.#heardFrom) if (now - heard > SILENT_MS && !slept) this.#lose(node); // WORLD-42
    if (now - this.#lastPoll >= POLL_MS) {
      this.#lastPoll = now;
      this.#poll.pollPositions().catch(() => this.#ports.log.warn('storage-unavailable'));
    }
    if (now - this.#lastSnapshot < SNAPSHOT_MS) return;
    this.#lastSnapshot = now;
    const { node } = this;
    this.#ports.bus.publish('nodes', {
      type: 'snapshot',
      node,
      version: this.#version,
      records: this.presence.recordsOf(node),
    });
  }

  #remove(person: PersonId, departure: Departure): Promise<void> {
    return new Promise((ended) => this.#listeners.people().remove(person, departure, ended));
  }

  #lose(node: NodeId): void {
    this.#heardFrom.delete(node);
    void this.#ports.names.leave(node);
    this.#listeners.people().changed(this.presence.removeNode(node));
  }

  /** After a long sleep removes the people whose name cannot be claimed again: other nodes may have freed it (WORLD-43). */
  async #reclaim(): Promise<void> {
    for (const { person, skeleton } of this.presence.recordsOf(this.node)) {
      const claim = await this.#ports.names.claim(skeleton, person, this.node);
      if (!claim.won) await this.#remove(person, { type: 'lost' }); // WORLD-43
    }
  }
}
