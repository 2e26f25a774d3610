import type { ProtocolSession } from '../connections/protocol-adapter.ts';
import type { MessageCommand, SessionApi, SubscriptionOptions } from '../connections/session/session-api.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { Result } from '../lib/result.ts';
import { isTaken, type SessionState, type When } from './request-gate.ts';

/** What a request does: a call of the session API, or an answer at once. */
export type Action<Out> =
  | {
      readonly type: 'enter';
      readonly name: string;
      readonly password: string | null;
      /** Whether the client asks for its own messages on this connection too. */
      readonly echo: boolean;
    }
  | { readonly type: 'rename'; readonly name: string }
  | { readonly type: 'send'; readonly command: MessageCommand }
  | { readonly type: 'leave' }
  | { readonly type: 'answer'; readonly message: Out };

/** When a request is taken, and its action. `action` only reads from the session API. */
export type Handler<Out> = { readonly when: When; action(api: SessionApi): Action<Out> };

/** How a protocol that shows only the lobby differs from the others: its requests, its answers, and its subscription. */
export type LobbyProtocol<In, Out> = {
  handlerOf(request: In): Handler<Out>;
  /** The answer to a request that succeeded. */
  readonly done: Out;
  /** The same for entering, and for leaving; `null` if there is no answer. */
  readonly entered: Out;
  readonly left: Out | null;
  refuse(refusal: Refusal): Out;
  /** The answers to a request that is not taken now, to a person inside and to everybody else. */
  readonly alreadyInside: Out;
  readonly notInside: Out;
  readonly subscription: SubscriptionOptions;
};

/** One client's side of a protocol that shows only the lobby: a person enters, talks, and leaves once. */
export class LobbySession<In, Out> implements ProtocolSession<In, Out> {
  readonly #protocol: LobbyProtocol<In, Out>;
  readonly #api: SessionApi;
  #state: SessionState = 'outside';

  constructor(protocol: LobbyProtocol<In, Out>, api: SessionApi) {
    this.#protocol = protocol;
    this.#api = api;
  }

  receive(request: In, answer: (message: Out | null) => void): void {
    const { done, left, refuse, alreadyInside, notInside, handlerOf } = this.#protocol;
    const { when, action } = handlerOf(request);
    if (!isTaken(when, this.#state)) return answer(this.#state === 'inside' ? alreadyInside : notInside); // C2-23 CODE-25 TEMPLATE-23
    const call = action(this.#api);
    const answerResult = (result: Result<unknown, Refusal>) => answer(result.ok ? done : refuse(result.error)); // C2-25 C2-33 CODE-26 CODE-30 TEMPLATE-25
    switch (call.type) {
      case 'answer':
        return answer(call.message);
      case 'enter':
        return this.#enter(call, answer);
      case 'rename':
        return this.#api.rename(call.name, answerResult);
      case 'send':
        return this.#api.send(call.command, answerResult);
      case 'leave':
        this.#state = 'gone';
        answer(left); // C2-36 CODE-35 TEMPLATE-29
        return this.#api.leave();
    }
  }

  #enter({ name, password, echo }: Extract<Action<Out>, { type: 'enter' }>, answer: (message: Out) => void): void {
    this.#state = 'entering';
    const { entered, refuse, subscription } = this.#protocol;
    const options = { acceptsDirect: subscription.direct !== null, status: null, lobby: true }; // C2-65 CODE-65
    const done = (result: Result<unknown, Refusal>) => {
      this.#state = result.ok ? 'inside' : 'outside'; // C2-20 CODE-21 TEMPLATE-20
      answer(result.ok ? entered : refuse(result.error)); // C2-20 C2-60 CODE-21 CODE-60 TEMPLATE-20
      if (result.ok) this.#api.subscribe(echo ? withEcho(subscription) : subscription); // C2-21 CODE-23 TEMPLATE-22
    };
    if (password === null) return this.#api.enter(name, options, done); // C2-22 CODE-22 CODE-24 TEMPLATE-21
    this.#api.login(name, { type: 'plain', value: password }, options, done); // C2-22 CODE-24 TEMPLATE-21
  }
}

/** The same subscription, with all messages of the person. */
function withEcho(subscription: SubscriptionOptions): SubscriptionOptions {
  return { ...subscription, ownMessages: 'all', direct: subscription.direct && 'all' }; // CODE-89
}
