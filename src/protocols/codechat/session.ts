import type { SessionApi } from '../../connections/session/session-api.ts';
import type { ProtocolSession } from '../../connections/protocol-adapter.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Result } from '../../lib/result.ts';
import type { ServerFacts } from '../protocol.ts';
import { refused } from './errors.ts';
import { type Action, handlerOf, refuse } from './handlers.ts';
import { succeeded } from './replies.ts';
import type { Down, Status, Up } from './schema.ts';

/** `entering` lasts while a `connect` is being decided. */
type State = 'outside' | 'entering' | 'inside' | 'gone';

type Answer = (message: Down) => void;

/** One client's side of codechat: looks each command up, and asks the peer for what it means. */
export class CodechatSession implements ProtocolSession<Up, Down> {
  readonly #api: SessionApi;
  readonly #facts: ServerFacts;
  #state: State = 'outside';

  constructor(facts: ServerFacts, api: SessionApi) {
    this.#facts = facts;
    this.#api = api;
  }

  receive(command: Up, answer: Answer): void {
    const { when, action } = handlerOf(command);
    if (when === 'before' && this.#state === 'inside') return this.#do(refuse('already connected'), answer); // CODE-25
    const open =
      when === 'always' ? this.#state !== 'gone' : this.#state === (when === 'before' ? 'outside' : 'inside');
    this.#do(open ? action(this.#api) : refuse('not connected'), answer); // CODE-20
  }

  #do(action: Action, answer: Answer): void {
    switch (action.type) {
      case 'answer':
        return answer(action.status);
      case 'enter':
        return this.#enter(action, answer);
      case 'rename':
        return this.#api.rename(action.name, (result) => answer(outcome(result)));
      case 'speak':
        return this.#api.send(action.command, (result) => answer(outcome(result)));
      case 'leave':
        this.#state = 'gone';
        answer(succeeded()); // CODE-35
        return this.#api.leave();
    }
  }

  #enter({ name, password }: Extract<Action, { type: 'enter' }>, answer: Answer): void {
    this.#state = 'entering';
    const { privateLines, codechatHistory: history } = this.#facts;
    const login = { acceptsDirect: privateLines, status: null, lobby: true };
    const entered = (result: Result<unknown, Refusal>) => {
      this.#state = result.ok ? 'inside' : 'outside'; // CODE-21
      answer(outcome(result)); // CODE-21
      const direct = privateLines ? 'others' : null; // CODE-65
      if (result.ok)
        this.#api.subscribe({ rooms: 'lobby', history, ownMessages: 'others', direct, rosterUpdates: false }); // CODE-23
    };
    if (password === null) return this.#api.enter(name, login, entered); // CODE-22 CODE-24
    this.#api.login(name, { type: 'plain', value: password }, login, entered);
  }
}

/** The answer that has nothing to say but yes or no. */
function outcome(result: Result<unknown, Refusal>): Status {
  return result.ok ? succeeded() : refused(result.error); // CODE-60
}
