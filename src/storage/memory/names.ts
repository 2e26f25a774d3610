import type { NodeId, PersonId } from '../../core/model/ids.ts';
import type { Claim, Lease, Names } from '../../core/ports.ts';

type Holder = { readonly person: PersonId; readonly node: NodeId };

/** The names of one process. Worlds in one process share an instance, as nodes share a service. */
export class MemoryNames implements Names {
  readonly #holders = new Map<string, Holder>();

  async claim(skeleton: string, person: PersonId, node: NodeId): Promise<Claim> {
    await Promise.resolve();
    const holder = this.#holders.get(skeleton);
    if (holder !== undefined && holder.person !== person) return { won: false, ...holder }; // STORE-20 STORE-21
    this.#holders.set(skeleton, { person, node });
    return { won: true };
  }

  async release(skeleton: string, person: PersonId): Promise<void> {
    await Promise.resolve();
    if (this.#holders.get(skeleton)?.person === person) this.#holders.delete(skeleton); // STORE-22
  }

  async releaseNode(node: NodeId): Promise<void> {
    await Promise.resolve();
    for (const [skeleton, holder] of this.#holders) {
      if (holder.node === node) this.#holders.delete(skeleton); // STORE-23
    }
  }

  async renew(node: NodeId): Promise<Lease> {
    await Promise.resolve();
    return { unbroken: true, nodes: [node] };
  }

  leave(node: NodeId): Promise<void> {
    return this.releaseNode(node);
  }
}
