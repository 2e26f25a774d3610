import type { MessageCommand } from '../../connections/session/session-api.ts';
import { firstFitting } from '../list-limit.ts';
import { MARK, MAX_BYTES } from './codec.ts';
import type { Up, UpOf } from './schema.ts';

/** What a request comes to: something asked of the peer. */
export type Action =
  | { readonly type: 'enter'; readonly name: string; readonly password: string | null }
  | { readonly type: 'speak'; readonly command: MessageCommand }
  | { readonly type: 'list' }
  | { readonly type: 'leave' };

/** Where the person must be for a request to be taken. */
type When = 'outside' | 'inside';

type Handlers = { readonly [T in Up['type']]: { readonly when: When; readonly action: (message: UpOf<T>) => Action } };

/** One line a message: when it may come, and what it asks for. */
const handlers: Handlers = {
  JOIN: { when: 'outside', action: ({ name, password }) => ({ type: 'enter', name, password }) },
  SAY: { when: 'inside', action: ({ text }) => speak({ type: 'lobby', post: said(text) }) }, // TEMPLATE-25
  TELL: { when: 'inside', action: ({ name, text }) => speak({ type: 'direct', to: name, post: said(text) }) }, // TEMPLATE-25
  WHO: { when: 'inside', action: () => ({ type: 'list' }) },
  QUIT: { when: 'inside', action: () => ({ type: 'leave' }) },
};

/** Looks a request up in the table. */
export function handlerOf<T extends Up['type']>(message: UpOf<T>): { readonly when: When; readonly action: Action } {
  const handler: Handlers[T] = handlers[message.type];
  return { when: handler.when, action: handler.action(message) };
}

/** The first names, as many as one message holds. */
export function fitting(names: readonly string[]): readonly string[] {
  return firstFitting(names, MAX_BYTES - `${MARK}HERE`.length, (name) => ` ${name}`); // TEMPLATE-28
}

function speak(command: MessageCommand): Action {
  return { type: 'speak', command };
}

/** This wire says nothing of the time at its client. */
function said(text: string) {
  return { text, clientTime: null };
}
