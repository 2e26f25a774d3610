import type { NodeId, PersonId } from '../../core/model/ids.ts';
import { type Claim, type Clock, type Lease, LEASE_MS, type Names } from '../../core/ports.ts';

type Holder = { readonly person: PersonId; readonly node: NodeId };
type Term = { readonly since: number; readonly until: number };

/** The names of one process. Worlds in one process share an instance, as nodes share a service. */
export class MemoryNames implements Names {
  readonly leaseMs: number;
  readonly #clock: Pick<Clock, 'monotonic'> | null;
  readonly #holders = new Map<string, Holder>();
  readonly #terms = new Map<NodeId, Term>();

  /** Leases run out by this clock; without one they never do, for a process that is alone. */
  constructor(clock: Pick<Clock, 'monotonic'> | null = null) {
    this.#clock = clock;
    this.leaseMs = clock === null ? Infinity : LEASE_MS; // STORE-28
  }

  async claim(skeleton: string, person: PersonId, node: NodeId): Promise<Claim> {
    await Promise.resolve();
    if (!this.#isRunning(this.#terms.get(node))) throw new Error('the node holds no lease'); // STORE-24
    const holder = this.#holders.get(skeleton);
    if (holder !== undefined && holder.person !== person) return { won: false, ...holder }; // STORE-20 STORE-21
    this.#holders.set(skeleton, { person, node });
    return { won: true };
  }

  async release(skeleton: string, person: PersonId): Promise<void> {
    await Promise.resolve();
    if (this.#holders.get(skeleton)?.person === person) this.#holders.delete(skeleton); // STORE-22
  }

  async renew(node: NodeId): Promise<Lease> {
    await Promise.resolve();
    const now = this.#now();
    const before = this.#terms.get(node);
    const unbroken = this.#isRunning(before); // STORE-25
    const since = unbroken && before !== undefined ? before.since : now;
    this.#terms.set(node, { since, until: now + this.leaseMs });
    if (now - since >= this.leaseMs)
      for (const [other, term] of this.#terms) if (!this.#isRunning(term)) this.#end(other); // STORE-26
    return { unbroken, nodes: [...this.#terms.keys()] }; // STORE-27
  }

  async leave(node: NodeId): Promise<void> {
    await Promise.resolve();
    this.#end(node);
  }

  #end(node: NodeId): void {
    this.#terms.delete(node);
    for (const [skeleton, holder] of this.#holders) {
      if (holder.node === node) this.#holders.delete(skeleton); // STORE-23
    }
  }

  #isRunning(term: Term | undefined): boolean {
    return term !== undefined && this.#now() < term.until; // STORE-25
  }

  #now(): number {
    return this.#clock?.monotonic() ?? 0;
  }
}
