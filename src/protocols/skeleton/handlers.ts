import type { Speech } from '../../connections/peer.ts';
import { firstFitting } from '../fitting.ts';
import { MARK, MAX_BYTES } from './codec.ts';
import type { Up, UpOf } from './schema.ts';

/** What a request comes to: something asked of the peer. */
export type Ask =
  | { readonly type: 'enter'; readonly name: string; readonly password: string | null }
  | { readonly type: 'speak'; readonly speech: Speech }
  | { readonly type: 'list' }
  | { readonly type: 'leave' };

/** Where the person must be for a request to be taken. */
type When = 'outside' | 'inside';

type Handlers = { readonly [T in Up['type']]: { readonly when: When; readonly ask: (message: UpOf<T>) => Ask } };

/** One line a message: when it may come, and what it asks for. */
const handlers: Handlers = {
  JOIN: { when: 'outside', ask: ({ name, password }) => ({ type: 'enter', name, password }) },
  SAY: { when: 'inside', ask: ({ text }) => speak({ type: 'lobby', post: said(text) }) }, // SKELETON-25
  TELL: { when: 'inside', ask: ({ name, text }) => speak({ type: 'direct', to: name, post: said(text) }) }, // SKELETON-25
  WHO: { when: 'inside', ask: () => ({ type: 'list' }) },
  QUIT: { when: 'inside', ask: () => ({ type: 'leave' }) },
};

/** Looks a request up in the table. */
export function handlerOf<T extends Up['type']>(message: UpOf<T>): { readonly when: When; readonly ask: Ask } {
  const handler: Handlers[T] = handlers[message.type];
  return { when: handler.when, ask: handler.ask(message) };
}

/** The first names, as many as one message holds. */
export function fitting(names: readonly string[]): readonly string[] {
  return firstFitting(names, MAX_BYTES - `${MARK}HERE`.length, (name) => ` ${name}`); // SKELETON-28
}

function speak(speech: Speech): Ask {
  return { type: 'speak', speech };
}

/** This wire says nothing of the time at its client. */
function said(text: string) {
  return { text, clientTime: null };
}
