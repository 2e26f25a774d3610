import type { Peer } from '../../connections/peer.ts';
import type { Session } from '../../connections/wire.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Result } from '../../lib/result.ts';
import type { ServerFacts } from '../protocol.ts';
import { failed, refused } from './errors.ts';
import { type Ask, fitting, handlerOf } from './handlers.ts';
import type { Down, Up } from './schema.ts';

/** `entering` lasts while a `JOIN` is being decided. */
type State = 'outside' | 'entering' | 'inside' | 'gone';

type Answer = (message: Down) => void;

/** One client's side of the wire: looks each request up, and asks the peer for what it means. */
export class SkeletonSession implements Session<Up, Down> {
  readonly #peer: Peer;
  readonly #facts: ServerFacts;
  #state: State = 'outside';

  constructor(facts: ServerFacts, peer: Peer) {
    this.#facts = facts;
    this.#peer = peer;
  }

  receive(message: Up, answer: Answer): void {
    const { when, ask } = handlerOf(message);
    if (this.#state === when) return this.#do(ask, answer); // SKELETON-24
    answer(failed(this.#state === 'inside' ? 'you have joined already' : 'join first')); // SKELETON-23
  }

  #do(ask: Ask, answer: Answer): void {
    switch (ask.type) {
      case 'enter':
        return this.#enter(ask, answer);
      case 'speak':
        return this.#peer.speak(ask.speech, (result) => answer(outcome(result)));
      case 'list':
        return answer({ type: 'HERE', names: [...fitting(this.#peer.present())] }); // SKELETON-27
      case 'leave':
        this.#state = 'gone';
        answer({ type: 'DONE' }); // SKELETON-29
        return this.#peer.leave();
    }
  }

  #enter({ name, password }: Extract<Ask, { type: 'enter' }>, answer: Answer): void {
    this.#state = 'entering';
    const { history } = this.#facts;
    const coming = { reachable: true, status: null, lobby: true };
    const entered = (result: Result<unknown, Refusal>) => {
      this.#state = result.ok ? 'inside' : 'outside'; // SKELETON-20
      answer(outcome(result));
      if (result.ok) this.#peer.show({ rooms: 'lobby', history, own: 'others', direct: 'none', notices: false }); // SKELETON-22
    };
    if (password === null)
      this.#peer.enter(name, coming, entered); // SKELETON-20
    else this.#peer.login(name, { form: 'plain', value: password }, coming, entered); // SKELETON-21
  }
}

function outcome(result: Result<unknown, Refusal>): Down {
  return result.ok ? { type: 'DONE' } : refused(result.error); // SKELETON-20
}
