import { reasonOf } from '../../lib/reason.ts';
import type { NodeId } from '../model/ids.ts';
import type { Clock, Lease, Log, Names } from '../ports.ts';
import { ServingGate } from './serving-gate.ts';

const RENEW_MS = 2_000;

/** Who is told what the lease means. */
export interface LeaseListener {
  /** Another node holds a lease. */
  found(node: NodeId): void;
  /** The lease of another node was ended: it is dead. */
  lost(node: NodeId): void;
  /** A renewal succeeded. */
  renewed(): void;
  /**
   * Brings this node up to date after its lease had lapsed: `isBroken` if others may have its names. Rejects if that is not
   * possible now.
   */
  recover(isBroken: boolean): Promise<void>;
}

type LeasePorts = { readonly names: Names; readonly clock: Clock; readonly log: Log };

/**
 * The lease of this node. It tells which nodes are alive, and keeps the gate open as long as the lease holds by this node's own
 * clock: from the sending of a renewal. After a lapse the gate opens when the lease is renewed and the node is up to date.
 */
export class NodeLease {
  readonly gate: ServingGate;
  readonly #node: NodeId;
  readonly #ports: LeasePorts;
  readonly #listener: LeaseListener;
  #nodes: ReadonlySet<NodeId> = new Set();
  #until = -Infinity;
  #sent = -Infinity;
  /** Counts how often the lease was broken: a name that was claimed in an earlier term may be somebody else's. */
  #term = 0;
  /** Counts how often the gate was closed. */
  #lapses = 0;
  /** Whether the names have to be claimed again. */
  #isBroken = false;
  #renewal: Promise<void> | null = null;
  #renewsAgain = false;
  /** The unknown nodes that were heard since the last tick. */
  readonly #met = new Set<NodeId>();
  #isRecovering = false;
  #state: 'new' | 'held' | 'ended' = 'new';

  constructor(node: NodeId, ports: LeasePorts, listener: LeaseListener) {
    this.#node = node;
    this.#ports = ports;
    this.#listener = listener;
    this.gate = new ServingGate(ports.clock);
  }

  /** Takes the lease, without which nobody can claim a name; rejects when the service is unavailable. */
  async open(): Promise<void> {
    const sent = this.#ports.clock.monotonic();
    const { nodes } = await this.#ports.names.renew(this.#node);
    this.#state = 'held';
    this.#sent = sent;
    this.#until = sent + this.#ports.names.leaseMs;
    this.gate.open(this.#until);
    this.#see(nodes);
  }

  /** The present term, for `holds`. */
  get term(): number {
    return this.#term;
  }

  get isAlone(): boolean {
    return this.#nodes.size <= 1;
  }

  /** The other nodes that held a lease at the last renewal. */
  get others(): NodeId[] {
    return [...this.#nodes].filter((node) => node !== this.#node);
  }

  /** Whether what was claimed in this term is still this node's, as far as it can know. */
  holds(term: number): boolean {
    return this.gate.isOpen && term === this.#term; // WORLD-286
  }

  /** Whether another node may be listened to. While this node's own lease has lapsed it knows of none. */
  isAlive(node: NodeId): boolean {
    return this.#nodes.has(node) && this.#ports.clock.monotonic() < this.#until; // WORLD-285
  }

  /** A node was heard that is not known to be alive: a renewal tells, at most one for each node between two ticks. */
  meet(node: NodeId): void {
    if (this.#met.has(node)) return; // WORLD-285
    this.#met.add(node);
    this.#renewsAgain = this.#renewal !== null;
    this.#renew();
  }

  /** To be called each second. */
  tick(): void {
    this.#met.clear();
    if (!this.gate.isClosed && !this.gate.isOpen) this.#close(); // WORLD-288
    if (this.gate.isClosed || this.#ports.clock.monotonic() - this.#sent >= RENEW_MS) this.#renew(); // WORLD-290
  }

  /** Ends the lease. What fails is logged: then it runs out. */
  async leave(): Promise<void> {
    this.#state = 'ended';
    await this.#renewal; // It would begin a new lease.
    await this.#ports.names.leave(this.#node).catch((error: unknown) => {
      this.#ports.log.warn('lease-not-ended', { reason: reasonOf(error) });
    });
  }

  #renew(): void {
    if (this.#state !== 'held' || this.#renewal !== null) return; // WORLD-290
    this.#renewal = this.#renewNow().finally(() => {
      this.#renewal = null;
      if (!this.#renewsAgain) return;
      this.#renewsAgain = false;
      this.#renew();
    });
  }

  async #renewNow(): Promise<void> {
    const { names, clock, log } = this.#ports;
    const sent = clock.monotonic();
    try {
      this.#renewed(sent, await names.renew(this.#node));
    } catch (error) {
      this.#sent = -Infinity; // WORLD-290
      log.warn('lease-not-renewed', { reason: reasonOf(error) });
    }
  }

  #renewed(sent: number, { unbroken, nodes }: Lease): void {
    if (this.#state !== 'held') return;
    if (!unbroken) {
      this.#isBroken = true;
      this.#term += 1; // WORLD-286
      this.#ports.log.warn('lease-was-broken');
    }
    if (!unbroken || sent >= this.#until) this.#close(); // WORLD-288
    this.#sent = sent;
    this.#until = sent + this.#ports.names.leaseMs;
    this.#see(nodes);
    if (this.gate.isClosed) void this.#recover();
    else this.gate.open(this.#until);
    this.#listener.renewed();
  }

  #see(nodes: readonly NodeId[]): void {
    const before = this.#nodes;
    this.#nodes = new Set(nodes);
    for (const node of before) if (!this.#nodes.has(node) && node !== this.#node) this.#listener.lost(node); // WORLD-42
    for (const node of this.#nodes) if (!before.has(node) && node !== this.#node) this.#listener.found(node);
  }

  #close(): void {
    this.gate.close();
    this.#lapses += 1;
  }

  /** If it fails, or the lease lapses meanwhile, the next renewal begins it again. */
  async #recover(): Promise<void> {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    const lapses = this.#lapses;
    try {
      await this.#listener.recover(this.#isBroken);
      if (lapses !== this.#lapses) return;
      this.#isBroken = false;
      this.gate.open(this.#until); // WORLD-288
    } catch (error) {
      this.#ports.log.warn('not-up-to-date', { reason: reasonOf(error) });
    } finally {
      this.#isRecovering = false;
    }
  }
}
