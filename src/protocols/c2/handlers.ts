import type { Post } from '../../core/services/messages.ts';
import type { SessionApi } from '../../connections/session/session-api.ts';
import { firstFitting } from '../list-limit.ts';
import type { Action, Handler } from '../lobby-session.ts';
import type { ServerFacts } from '../protocol.ts';
import type { When } from '../request-gate.ts';
import { readSlash, unknownCommand } from '../slash-commands.ts';
import { MAX_FRAME_BYTES } from './limits.ts';
import { failed } from './errors.ts';
import type { Down, Up, UpOf } from './schema.ts';

/** What a handler reads. */
type View = { readonly api: SessionApi; readonly facts: ServerFacts };

type Handlers = {
  readonly [T in Up['type']]: {
    readonly when: When;
    readonly action: (message: UpOf<T>, view: View) => Action<Down>;
  };
};

/** One line for each type of message. */
const handlers: Handlers = {
  CONNECT: { when: 'outside', action: connect },
  MSG: { when: 'inside', action: post },
  'QUERY active_users': { when: 'inside', action: listUsers },
  'QUERY update_message': { when: 'inside', action: edit },
  UPDATE: { when: 'inside', action: ({ value }) => ({ type: 'rename', name: value }) }, // C2-33
  DISCONNECT: { when: 'inside', action: () => ({ type: 'leave' }) }, // C2-36
  PING: { when: 'always', action: ping }, // C2-37
};

/** Looks a request up in the table. */
export function handlerOf<T extends Up['type']>(message: UpOf<T>, facts: ServerFacts): Handler<Down> {
  const { when, action }: Handlers[T] = handlers[message.type];
  return { when, action: (api) => action(message, { api, facts }) };
}

function connect({ username, password }: UpOf<'CONNECT'>): Action<Down> {
  return { type: 'enter', name: username, password, echo: false };
}

function post({ text, timestamp }: UpOf<'MSG'>): Action<Down> {
  const read = readSlash(text);
  const postOf = (body: string): Post => ({ text: body, clientTime: timestamp });
  switch (read.type) {
    case 'direct':
      return { type: 'send', command: { type: 'direct', to: read.to, post: postOf(read.text) } }; // C2-29
    case 'lobby':
      return { type: 'send', command: { type: 'lobby', post: postOf(read.text) } }; // C2-25
    case 'unknown':
      return answer(failed(read.reason)); // C2-27
  }
}

function edit({ id, text }: UpOf<'QUERY update_message'>): Action<Down> {
  const read = readSlash(text);
  if (read.type !== 'lobby') return answer(failed(unknownCommand)); // C2-27 C2-29
  return { type: 'send', command: { type: 'edit', message: id, text: read.text } };
}

function listUsers(_message: UpOf<'QUERY active_users'>, { api }: View): Action<Down> {
  return answer({ type: 'ACKNOWLEDGE', text: `[${namesThatFit(api.presentNames()).join(',')}]` }); // C2-30
}

/** The first names, as many as one answer holds. The first name has no comma before it. */
function namesThatFit(names: readonly string[]): readonly string[] {
  const room = MAX_FRAME_BYTES - 'c2/ACKNOWLEDGE []'.length + ','.length;
  return firstFitting(names, room, (name) => `,${name}`); // C2-31
}

function ping({ timestamp }: UpOf<'PING'>, { api, facts }: View): Action<Down> {
  if (!api.mayPing()) return answer(failed('too many pings')); // C2-39
  return answer({ type: 'PING', timestamp, server: facts.id });
}

function answer(message: Down): Action<Down> {
  return { type: 'answer', message };
}
