import type { SessionApi } from '../../connections/session/session-api.ts';
import type { ProtocolSession } from '../../connections/protocol-adapter.ts';
import type { Person } from '../../core/model/events.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Result } from '../../lib/result.ts';
import type { ServerFacts } from '../protocol.ts';
import { refused } from './errors.ts';
import { type Action, handlerOf, refuse, type View } from './handlers.ts';
import type { Down, Up } from './schema.ts';

/** `entering` lasts while a CONNECT is being decided. */
type State = 'outside' | 'entering' | 'inside' | 'gone';

type Answer = (message: Down | null) => void;

const acknowledged: Down = { type: 'ACKNOWLEDGE', text: '' };

/** One client's side of c2: looks each request up, and asks the peer for what it means. */
export class C2Session implements ProtocolSession<Up, Down> {
  readonly #api: SessionApi;
  readonly #facts: ServerFacts;
  readonly #view: View;
  #state: State = 'outside';

  constructor(facts: ServerFacts, api: SessionApi) {
    this.#facts = facts;
    this.#api = api;
    this.#view = { facts, api };
  }

  receive(message: Up, answer: Answer): void {
    const { when, action } = handlerOf(message);
    if (when === 'before' && this.#state === 'inside') return this.#do(refuse('already connected'), answer); // C2-23
    const open = when === 'always' || this.#state === (when === 'before' ? 'outside' : 'inside');
    this.#do(open ? action(this.#view) : refuse('not connected'), answer); // C2-24
  }

  #do(action: Action, answer: Answer): void {
    switch (action.type) {
      case 'answer':
        return answer(action.message);
      case 'enter':
        return this.#enter(action, answer);
      case 'rename':
        return this.#api.rename(action.name, (result) => answer(outcome(result)));
      case 'speak':
        return this.#api.send(action.command, (result) => answer(outcome(result)));
      case 'leave':
        this.#state = 'gone';
        answer(null); // C2-36
        return this.#api.leave();
    }
  }

  #enter({ name, password }: Extract<Action, { type: 'enter' }>, answer: Answer): void {
    this.#state = 'entering';
    const { privateLines, history } = this.#facts;
    const login = { acceptsDirect: privateLines, status: null, lobby: true };
    const entered = (result: Result<Person, Refusal>) => {
      this.#state = result.ok ? 'inside' : 'outside'; // C2-20
      answer(result.ok ? { type: 'ACKNOWLEDGE', text: this.#facts.name } : outcome(result)); // C2-20
      const direct = privateLines ? 'all' : null; // C2-65
      if (result.ok) this.#api.subscribe({ rooms: 'lobby', history, ownMessages: 'all', direct, rosterUpdates: false }); // C2-21
    };
    if (password === null) this.#api.enter(name, login, entered);
    else this.#api.login(name, { type: 'plain', value: password }, login, entered); // C2-22
  }
}

/** The answer that has nothing to say but yes or no. */
function outcome(result: Result<unknown, Refusal>): Down {
  return result.ok ? acknowledged : refused(result.error); // C2-60
}
