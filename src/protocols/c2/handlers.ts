import type { Post } from '../../core/messages.ts';
import type { Peer, Speech } from '../../connections/peer.ts';
import { firstFitting } from '../fitting.ts';
import type { ServerFacts } from '../protocol.ts';
import { readSlash, unknownCommand } from '../slash.ts';
import { MAX_FRAME_BYTES } from './codec.ts';
import type { Down, Up, UpOf } from './schema.ts';

/** What a request comes to: something asked of the peer, or an answer at once. */
export type Ask =
  | { readonly type: 'enter'; readonly name: string; readonly password: string | null }
  | { readonly type: 'rename'; readonly name: string }
  | { readonly type: 'speak'; readonly speech: Speech }
  | { readonly type: 'leave' }
  | { readonly type: 'answer'; readonly message: Down };

/** What a handler may look at; it changes nothing. */
export type View = {
  readonly facts: ServerFacts;
  readonly peer: Pick<Peer, 'present' | 'mayPing'>;
};

/** When a request may come: `before` the person entered, `after`, or at any time. */
type When = 'before' | 'after' | 'always';

type Handlers = {
  readonly [T in Up['type']]: { readonly when: When; readonly ask: (message: UpOf<T>, view: View) => Ask };
};

/** One line a message: when it may come, and what it asks for. */
const handlers: Handlers = {
  CONNECT: { when: 'before', ask: connect },
  MSG: { when: 'after', ask: post },
  'QUERY active_users': { when: 'after', ask: listUsers },
  'QUERY update_message': { when: 'after', ask: edit },
  UPDATE: { when: 'after', ask: ({ value }) => ({ type: 'rename', name: value }) }, // C2-33
  DISCONNECT: { when: 'after', ask: () => ({ type: 'leave' }) }, // C2-36
  PING: { when: 'always', ask: ping }, // C2-37
};

/** Looks a request up in the table. */
export function handlerOf<T extends Up['type']>(message: UpOf<T>): { readonly when: When; ask(view: View): Ask } {
  const handler: Handlers[T] = handlers[message.type];
  return { when: handler.when, ask: (view) => handler.ask(message, view) };
}

/** A request that is answered by `c2/ERROR`. */
export function refuse(reason: string): Extract<Ask, { type: 'answer' }> {
  return { type: 'answer', message: { type: 'ERROR', reason } };
}

function connect({ username, password }: UpOf<'CONNECT'>): Ask {
  return { type: 'enter', name: username, password };
}

function post({ text, timestamp }: UpOf<'MSG'>): Ask {
  const meant = readSlash(text);
  const said = (words: string): Post => ({ text: words, clientTime: timestamp });
  switch (meant.type) {
    case 'one':
      return { type: 'speak', speech: { type: 'direct', to: meant.to, post: said(meant.text) } }; // C2-29
    case 'all':
      return { type: 'speak', speech: { type: 'lobby', post: said(meant.text) } }; // C2-25
    case 'unknown':
      return refuse(meant.reason); // C2-27
  }
}

function edit({ id, text }: UpOf<'QUERY update_message'>): Ask {
  const meant = readSlash(text);
  if (meant.type !== 'all') return refuse(unknownCommand); // C2-27 C2-29
  return { type: 'speak', speech: { type: 'edit', message: id, text: meant.text } };
}

function listUsers(_message: UpOf<'QUERY active_users'>, { peer }: View): Ask {
  return { type: 'answer', message: { type: 'ACKNOWLEDGE', text: `[${fitting(peer.present()).join(',')}]` } }; // C2-30
}

/** The first names, as many as one answer holds; the first of them has no comma. */
function fitting(names: readonly string[]): readonly string[] {
  const room = MAX_FRAME_BYTES - 'c2/ACKNOWLEDGE []'.length + ','.length;
  return firstFitting(names, room, (name) => `,${name}`); // C2-31
}

function ping({ timestamp }: UpOf<'PING'>, { facts, peer }: View): Ask {
  if (!peer.mayPing()) return refuse('too many pings'); // C2-39
  return { type: 'answer', message: { type: 'PING', timestamp, server: facts.id } };
}
