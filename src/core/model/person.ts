import type { PersonId } from './ids.ts';

/** A person as others see one: the id, which never changes, and the current name. */
export type Person = { readonly id: PersonId; readonly name: string };

/** How a person left. `removed` is a kick or a ban, with its reason. */
export type Departure =
  | { readonly type: 'left' }
  | { readonly type: 'lost' }
  | { readonly type: 'removed'; readonly reason: string }
  | { readonly type: 'stopped' };
