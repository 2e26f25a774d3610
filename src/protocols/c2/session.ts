import type { Peer } from '../../connections/peer.ts';
import type { Session } from '../../connections/wire.ts';
import type { Person } from '../../core/events.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Result } from '../../lib/result.ts';
import type { ServerFacts } from '../protocol.ts';
import { refused } from './errors.ts';
import { type Ask, handlerOf, refuse, type View } from './handlers.ts';
import type { Down, Up } from './schema.ts';

/** `entering` lasts while a CONNECT is being decided. */
type State = 'outside' | 'entering' | 'inside' | 'gone';

type Answer = (message: Down | null) => void;

const acknowledged: Down = { type: 'ACKNOWLEDGE', text: '' };

/** One client's side of c2: looks each request up, and asks the peer for what it means. */
export class C2Session implements Session<Up, Down> {
  readonly #peer: Peer;
  readonly #facts: ServerFacts;
  readonly #view: View;
  #state: State = 'outside';

  constructor(facts: ServerFacts, peer: Peer) {
    this.#facts = facts;
    this.#peer = peer;
    this.#view = { facts, peer };
  }

  receive(message: Up, answer: Answer): void {
    const { when, ask } = handlerOf(message);
    if (when === 'before' && this.#state === 'inside') return this.#do(refuse('already connected'), answer); // C2-23
    const open = when === 'always' || this.#state === (when === 'before' ? 'outside' : 'inside');
    this.#do(open ? ask(this.#view) : refuse('not connected'), answer); // C2-24
  }

  #do(ask: Ask, answer: Answer): void {
    switch (ask.type) {
      case 'answer':
        return answer(ask.message);
      case 'enter':
        return this.#enter(ask, answer);
      case 'rename':
        return this.#peer.rename(ask.name, (result) => answer(outcome(result)));
      case 'speak':
        return this.#peer.speak(ask.speech, (result) => answer(outcome(result)));
      case 'leave':
        this.#state = 'gone';
        answer(null); // C2-36
        return this.#peer.leave();
    }
  }

  #enter({ name, password }: Extract<Ask, { type: 'enter' }>, answer: Answer): void {
    this.#state = 'entering';
    const { privateLines, history } = this.#facts;
    const coming = { reachable: privateLines, status: null, lobby: true };
    const entered = (result: Result<Person, Refusal>) => {
      this.#state = result.ok ? 'inside' : 'outside'; // C2-20
      answer(result.ok ? { type: 'ACKNOWLEDGE', text: this.#facts.name } : outcome(result)); // C2-20
      const direct = privateLines ? 'all' : null; // C2-65
      if (result.ok) this.#peer.show({ rooms: 'lobby', history, own: 'all', direct, notices: false }); // C2-21
    };
    if (password === null) this.#peer.enter(name, coming, entered);
    else this.#peer.login(name, { form: 'plain', value: password }, coming, entered); // C2-22
  }
}

/** The answer that has nothing to say but yes or no. */
function outcome(result: Result<unknown, Refusal>): Down {
  return result.ok ? acknowledged : refused(result.error); // C2-60
}
