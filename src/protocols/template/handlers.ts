import type { MessageCommand, SessionApi } from '../../connections/session/session-api.ts';
import { firstFitting } from '../list-limit.ts';
import type { Action, Handler } from '../lobby-session.ts';
import type { When } from '../request-gate.ts';
import { MARK, MAX_BYTES } from './codec.ts';
import type { Down, Up, UpOf } from './schema.ts';

type Handlers = {
  readonly [T in Up['type']]: {
    readonly when: When;
    readonly action: (message: UpOf<T>, api: SessionApi) => Action<Down>;
  };
};

/** One line for each type of message: when it is taken, and what it does then. */
const handlers: Handlers = {
  JOIN: { when: 'outside', action: ({ name, password }) => ({ type: 'enter', name, password, echo: false }) },
  SAY: { when: 'inside', action: ({ text }) => send({ type: 'lobby', post: postOf(text) }) }, // TEMPLATE-25
  TELL: { when: 'inside', action: ({ name, text }) => send({ type: 'direct', to: name, post: postOf(text) }) }, // TEMPLATE-25
  WHO: { when: 'inside', action: (_message, api) => list(api.presentNames()) }, // TEMPLATE-27
  QUIT: { when: 'inside', action: () => ({ type: 'leave' }) },
};

/** Looks a request up in the table. */
export function handlerOf<T extends Up['type']>(message: UpOf<T>): Handler<Down> {
  const { when, action }: Handlers[T] = handlers[message.type];
  return { when, action: (api) => action(message, api) };
}

function send(command: MessageCommand): Action<Down> {
  return { type: 'send', command };
}

/** Messages of this protocol carry no time of the client. */
function postOf(text: string) {
  return { text, clientTime: null };
}

/** Lists the first names, as many as one message holds. */
function list(names: readonly string[]): Action<Down> {
  const listed = firstFitting(names, MAX_BYTES - `${MARK}HERE`.length, (name) => ` ${name}`); // TEMPLATE-28
  return { type: 'answer', message: { type: 'HERE', names: [...listed] } };
}
