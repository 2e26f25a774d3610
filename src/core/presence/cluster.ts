import { reasonOf } from '../../lib/reason.ts';
import type { StoragePoll } from '../engine/storage-poll.ts';
import type { BusMessage, PresenceRecord } from '../model/bus-message.ts';
import type { PresenceEvent } from '../model/events.ts';
import type { NodeId, PersonId } from '../model/ids.ts';
import type { Departure } from '../model/person.ts';
import type { Bus, Clock, Log, Names } from '../ports.ts';
import { type Challenged, Challenges } from './challenges.ts';
import { type LeaseListener, NodeLease } from './node-lease.ts';
import { Presence } from './presence.ts';
import { type PresenceMessage, PresenceReceiver } from './presence-receiver.ts';
import { PresenceSender } from './presence-sender.ts';

const SILENT_MS = 10_000;
const TICK_MS = 1_000;

/** What the cluster needs of the people on this node. */
export interface LocalPeople extends Challenged {
  /** Publishes events of a presence that bus messages changed. */
  changed(events: readonly PresenceEvent[]): void;
  /** Claims the names of all guests again; those whose name another person has by now are removed. Rejects as a claim does. */
  claimAgain(): Promise<void>;
  /** Frees the names that could not be freed when their people left. */
  releaseAgain(): void;
}

/** What bus messages and timers are passed on to; first called when one comes. */
type Listeners = { people(): LocalPeople };

/** What this node reports of a person; the cluster adds the person and the time of entering. */
export type PresenceReport = Omit<PresenceRecord, 'person' | 'since'>;

type ClusterPorts = { readonly bus: Bus; readonly clock: Clock; readonly names: Names; readonly log: Log };

/** This node among the others: its lease, its people and theirs. A single node is the case n = 1. */
export class Cluster implements LeaseListener {
  readonly node: NodeId;
  readonly presence = new Presence();
  readonly lease: NodeLease;
  readonly challenges: Challenges;
  /** When true, new people and commands are refused (WORLD-50). */
  isStopping = false;
  readonly #ports: ClusterPorts;
  readonly #poll: StoragePoll;
  readonly #sender: PresenceSender;
  readonly #receiver: PresenceReceiver;
  /** When each other node was last heard from, in monotonic milliseconds. */
  readonly #heardFrom = new Map<NodeId, number>();
  readonly #listeners: Listeners;
  readonly #ends: (() => void)[];
  #stopTick: () => void;

  constructor(node: NodeId, ports: ClusterPorts, poll: StoragePoll, listeners: Listeners) {
    const { bus, clock } = ports;
    this.node = node;
    this.#ports = ports;
    this.#poll = poll;
    this.#listeners = listeners;
    this.lease = new NodeLease(node, ports, this);
    this.challenges = new Challenges(node, ports, this.presence, () => listeners.people());
    this.#sender = new PresenceSender(node, ports, () => this.lease.isAlone);
    this.#receiver = new PresenceReceiver(node, ports, this.presence);
    this.#ends = [
      bus.subscribe('nodes', (message) => this.#receive(message, false)),
      bus.subscribe(`node/${node}`, (message) => this.#receive(message, true)),
      bus.onReconnect(() => this.#claimAgain()),
    ];
    this.#stopTick = clock.after(TICK_MS, () => this.#tick());
  }

  /** Takes the lease of this node, without which nobody can claim a name; rejects when the service is unavailable. */
  async open(): Promise<void> {
    await this.lease.open();
    this.#sender.heartbeat();
  }

  /** Ends the lease in order, with what it holds; then this node says nothing more. */
  async leave(): Promise<void> {
    this.#stopTick();
    await this.lease.leave(); // WORLD-291
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#stopTick();
  }

  /** Changes what this node reports of a person and tells the other nodes; returns the events that follow. */
  report(person: PersonId, report: PresenceReport | null, departure: Departure | null): PresenceEvent[] {
    const since = this.presence.get(person)?.since ?? this.#ports.clock.now();
    const change = this.#sender.add(person, report && { ...report, person, since }, departure);
    const { version } = change;
    return this.presence.update(this.node, { since: version - 1, version, changes: [change] });
  }

  /** This node's record of a person; null if the person is not present on this node. */
  reported(person: PersonId): PresenceRecord | null {
    return this.presence.reportedBy(this.node, person);
  }

  // LeaseListener

  found(node: NodeId): void {
    this.#receiver.ask(node); // WORLD-281
  }

  lost(node: NodeId): void {
    this.#heardFrom.delete(node);
    this.#sender.forget(node);
    this.#listeners.people().changed(this.#receiver.forget(node)); // WORLD-42
  }

  renewed(): void {
    this.#listeners.people().releaseAgain();
  }

  async recover(isBroken: boolean): Promise<void> {
    if (isBroken) await this.#listeners.people().claimAgain(); // WORLD-43
    await this.#receiver.catchUp(this.lease.others); // WORLD-288
    await this.#poll.pollPositions(); // WORLD-288
  }

  #receive(message: BusMessage, isAnswer: boolean): void {
    switch (message.type) {
      case 'challenge':
      case 'answer':
      case 'kick':
        return this.challenges.receive(message);
      case 'ask':
        if (!this.lease.isAlive(message.node)) this.lease.meet(message.node);
        return this.#sender.answer(message.node, message.version);
      case 'heartbeat':
      case 'presence':
      case 'people':
        return this.#hear(message, isAnswer);
      default: // It is about a stream, or about limits.
        return;
    }
  }

  /** Only living nodes have people: what a dead one said late must not bring them back. */
  #hear(message: PresenceMessage, isAnswer: boolean): void {
    if (!this.lease.isAlive(message.node)) return this.lease.meet(message.node); // WORLD-285
    const now = this.#ports.clock.monotonic();
    const heard = this.#heardFrom.get(message.node) ?? now;
    this.#heardFrom.set(message.node, now);
    if (now - heard > SILENT_MS) this.#claimAgain(); // WORLD-43
    const { events, people } = this.#receiver.receive(message, isAnswer);
    this.#listeners.people().changed(events);
    this.#adoptStatus(people);
  }

  /** Takes over a status that was set later on another node, so that it stays when that node is gone (WORLD-61). */
  #adoptStatus(people: readonly PersonId[]): void {
    for (const person of people) {
      const own = this.reported(person);
      const merged = this.presence.get(person);
      if (own === null || merged === undefined || merged.statusAt <= own.statusAt) continue; // WORLD-61
      const { status, statusAt } = merged;
      this.#listeners.people().changed(this.report(person, { ...own, status, statusAt }, null));
    }
  }

  #tick(): void {
    const { clock, log } = this.#ports;
    this.#stopTick = clock.after(TICK_MS, () => this.#tick());
    this.lease.tick();
    this.#sender.heartbeat();
    if (this.lease.gate.isOpen) this.#poll.pollPositions().catch(() => log.warn('storage-unavailable')); // Else `recover` polls.
  }

  #claimAgain(): void {
    const claimed = this.#listeners.people().claimAgain(); // WORLD-43
    claimed.catch((error: unknown) => this.#ports.log.warn('names-not-claimed', { reason: reasonOf(error) }));
  }
}
