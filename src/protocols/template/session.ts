import type { SessionApi } from '../../connections/session/session-api.ts';
import type { ProtocolSession } from '../../connections/protocol-adapter.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Result } from '../../lib/result.ts';
import type { ServerFacts } from '../protocol.ts';
import { failed, refused } from './errors.ts';
import { type Action, fitting, handlerOf } from './handlers.ts';
import type { Down, Up } from './schema.ts';

/** `entering` lasts while a `JOIN` is being decided. */
type State = 'outside' | 'entering' | 'inside' | 'gone';

type Answer = (message: Down) => void;

/** One client's side of the wire: looks each request up, and asks the peer for what it means. */
export class TemplateSession implements ProtocolSession<Up, Down> {
  readonly #api: SessionApi;
  readonly #facts: ServerFacts;
  #state: State = 'outside';

  constructor(facts: ServerFacts, api: SessionApi) {
    this.#facts = facts;
    this.#api = api;
  }

  receive(message: Up, answer: Answer): void {
    const { when, action } = handlerOf(message);
    if (this.#state === when) return this.#do(action, answer); // TEMPLATE-24
    answer(failed(this.#state === 'inside' ? 'you have joined already' : 'join first')); // TEMPLATE-23
  }

  #do(action: Action, answer: Answer): void {
    switch (action.type) {
      case 'enter':
        return this.#enter(action, answer);
      case 'speak':
        return this.#api.send(action.command, (result) => answer(outcome(result)));
      case 'list':
        return answer({ type: 'HERE', names: [...fitting(this.#api.presentNames())] }); // TEMPLATE-27
      case 'leave':
        this.#state = 'gone';
        answer({ type: 'DONE' }); // TEMPLATE-29
        return this.#api.leave();
    }
  }

  #enter({ name, password }: Extract<Action, { type: 'enter' }>, answer: Answer): void {
    this.#state = 'entering';
    const { history } = this.#facts;
    const login = { acceptsDirect: true, status: null, lobby: true };
    const entered = (result: Result<unknown, Refusal>) => {
      this.#state = result.ok ? 'inside' : 'outside'; // TEMPLATE-20
      answer(outcome(result));
      if (result.ok)
        this.#api.subscribe({ rooms: 'lobby', history, ownMessages: 'others', direct: 'none', rosterUpdates: false }); // TEMPLATE-22
    };
    if (password === null)
      this.#api.enter(name, login, entered); // TEMPLATE-20
    else this.#api.login(name, { type: 'plain', value: password }, login, entered); // TEMPLATE-21
  }
}

function outcome(result: Result<unknown, Refusal>): Down {
  return result.ok ? { type: 'DONE' } : refused(result.error); // TEMPLATE-20
}
