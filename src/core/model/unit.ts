import { skeletonOf } from '../text/names/skeleton.ts';
import type { PersonId, UnitId } from './ids.ts';

/** A department: a name for some accounts. Units form a tree, which the operator makes. */
export type Unit = {
  readonly id: UnitId;
  readonly name: string;
  /** Of the look of the name. */
  readonly skeleton: string;
  /** The unit that it is in; null at the top. */
  readonly parent: UnitId | null;
  /** Of one unit at most: where clients begin, in place of `everyone`. */
  readonly home?: true;
};

/** An account that is in a unit. */
export type UnitMember = { readonly unit: UnitId; readonly person: PersonId };

/** The unit of all accounts. It is stored nowhere and never changes. */
export const EVERYONE: UnitId = 1;
export const everyone: Unit = { id: EVERYONE, name: 'everyone', skeleton: skeletonOf('everyone'), parent: null };
