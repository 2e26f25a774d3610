import type { Row } from './cell.ts';
import type { Action, Driver } from './driver.ts';

/** A cell that cannot exist: the nearest that a client of `from` could try is this action, which is refused. */
export type Impossible = { readonly action: Action; readonly reason: string };

/** Why nobody can do this row by this protocol; null where it can be done. */
export function whyImpossible({ never, needs = [] }: Row, { lacks }: Driver): Impossible | null {
  if (never !== undefined) return never;
  for (const action of needs) {
    const reason = lacks[action];
    if (reason !== undefined) return { action, reason };
  }
  return null;
}
