import { BoundedMap } from '../../lib/bounded-map.ts';
import type { Part } from '../../views/view-key.ts';
import type { Changed, Key } from './schema.ts';

/** So many characters of names of blocks are kept. */
const KEPT = 1024 * 1024;

/** A document that changed; `name` is its key as JSON. */
type ChangedDocument = { readonly key: Key; readonly name: string };

/** The blocks that sessions are told of changes by: those that say the same with the same id are one object, and encoded once. */
export class ChangeBlocks {
  readonly #made = new BoundedMap<{ readonly block: Changed; readonly size: number }>(KEPT, ({ size }) => size);

  block(id: string, changes: ReadonlyMap<ChangedDocument, ReadonlySet<Part>>): Changed {
    let name = id;
    for (const [document, parts] of changes)
      name += ` ${document.name} ${parts.has('content')} ${parts.has('children')}`;
    const known = this.#made.get(name);
    if (known !== undefined) return known.block;
    const data = Array.from(changes, ([{ key }, parts]) => {
      return { key, content: parts.has('content'), children: parts.has('children') };
    });
    const block: Changed = { type: 'request', id, cls: 'changed', data }; // DOC-35
    this.#made.set(name, { block, size: name.length });
    return block;
  }
}
