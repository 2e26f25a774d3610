import type { Departure } from '../../core/model/person.ts';
import { farewell } from './errors.ts';
import type { Down } from './schema.ts';

/** Events are not shown one by one: they change documents, which clients ask for. */
export function render(): null {
  return null; // DOC-130
}

/** The last words to a person who was kicked or banned; others leave without a word. */
export function renderFarewell(departure: Departure): Down | null {
  return departure.type === 'removed' ? farewell(`banned: ${departure.reason}`) : null; // DOC-34
}
