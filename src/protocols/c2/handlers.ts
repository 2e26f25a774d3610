import type { Post } from '../../core/services/messages.ts';
import type { SessionApi, MessageCommand } from '../../connections/session/session-api.ts';
import { firstFitting } from '../list-limit.ts';
import type { ServerFacts } from '../protocol.ts';
import { readSlash, unknownCommand } from '../slash-commands.ts';
import { MAX_FRAME_BYTES } from './codec.ts';
import type { Down, Up, UpOf } from './schema.ts';

/** What a request comes to: something asked of the peer, or an answer at once. */
export type Action =
  | { readonly type: 'enter'; readonly name: string; readonly password: string | null }
  | { readonly type: 'rename'; readonly name: string }
  | { readonly type: 'speak'; readonly command: MessageCommand }
  | { readonly type: 'leave' }
  | { readonly type: 'answer'; readonly message: Down };

/** What a handler may look at; it changes nothing. */
export type View = {
  readonly facts: ServerFacts;
  readonly api: Pick<SessionApi, 'presentNames' | 'mayPing'>;
};

/** When a request may come: `before` the person entered, `after`, or at any time. */
type When = 'before' | 'after' | 'always';

type Handlers = {
  readonly [T in Up['type']]: { readonly when: When; readonly action: (message: UpOf<T>, view: View) => Action };
};

/** One line a message: when it may come, and what it asks for. */
const handlers: Handlers = {
  CONNECT: { when: 'before', action: connect },
  MSG: { when: 'after', action: post },
  'QUERY active_users': { when: 'after', action: listUsers },
  'QUERY update_message': { when: 'after', action: edit },
  UPDATE: { when: 'after', action: ({ value }) => ({ type: 'rename', name: value }) }, // C2-33
  DISCONNECT: { when: 'after', action: () => ({ type: 'leave' }) }, // C2-36
  PING: { when: 'always', action: ping }, // C2-37
};

/** Looks a request up in the table. */
export function handlerOf<T extends Up['type']>(message: UpOf<T>): { readonly when: When; action(view: View): Action } {
  const handler: Handlers[T] = handlers[message.type];
  return { when: handler.when, action: (view) => handler.action(message, view) };
}

/** A request that is answered by `c2/ERROR`. */
export function refuse(reason: string): Extract<Action, { type: 'answer' }> {
  return { type: 'answer', message: { type: 'ERROR', reason } };
}

function connect({ username, password }: UpOf<'CONNECT'>): Action {
  return { type: 'enter', name: username, password };
}

function post({ text, timestamp }: UpOf<'MSG'>): Action {
  const meant = readSlash(text);
  const said = (words: string): Post => ({ text: words, clientTime: timestamp });
  switch (meant.type) {
    case 'one':
      return { type: 'speak', command: { type: 'direct', to: meant.to, post: said(meant.text) } }; // C2-29
    case 'all':
      return { type: 'speak', command: { type: 'lobby', post: said(meant.text) } }; // C2-25
    case 'unknown':
      return refuse(meant.reason); // C2-27
  }
}

function edit({ id, text }: UpOf<'QUERY update_message'>): Action {
  const meant = readSlash(text);
  if (meant.type !== 'all') return refuse(unknownCommand); // C2-27 C2-29
  return { type: 'speak', command: { type: 'edit', message: id, text: meant.text } };
}

function listUsers(_message: UpOf<'QUERY active_users'>, { api }: View): Action {
  return { type: 'answer', message: { type: 'ACKNOWLEDGE', text: `[${fitting(api.presentNames()).join(',')}]` } }; // C2-30
}

/** The first names, as many as one answer holds; the first of them has no comma. */
function fitting(names: readonly string[]): readonly string[] {
  const room = MAX_FRAME_BYTES - 'c2/ACKNOWLEDGE []'.length + ','.length;
  return firstFitting(names, room, (name) => `,${name}`); // C2-31
}

function ping({ timestamp }: UpOf<'PING'>, { facts, api }: View): Action {
  if (!api.mayPing()) return refuse('too many pings'); // C2-39
  return { type: 'answer', message: { type: 'PING', timestamp, server: facts.id } };
}
