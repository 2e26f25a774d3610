import type { Peer } from '../../connections/peer.ts';
import type { Session } from '../../connections/wire.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Result } from '../../lib/result.ts';
import type { ServerFacts } from '../protocol.ts';
import { refused } from './errors.ts';
import { type Ask, handlerOf, refuse } from './handlers.ts';
import { succeeded } from './replies.ts';
import type { Down, Status, Up } from './schema.ts';

/** `entering` lasts while a `connect` is being decided. */
type State = 'outside' | 'entering' | 'inside' | 'gone';

type Answer = (message: Down) => void;

/** One client's side of codechat: looks each command up, and asks the peer for what it means. */
export class CodechatSession implements Session<Up, Down> {
  readonly #peer: Peer;
  readonly #facts: ServerFacts;
  #state: State = 'outside';

  constructor(facts: ServerFacts, peer: Peer) {
    this.#facts = facts;
    this.#peer = peer;
  }

  receive(command: Up, answer: Answer): void {
    const { when, ask } = handlerOf(command);
    if (when === 'before' && this.#state === 'inside') return this.#do(refuse('already connected'), answer); // CODE-25
    const open =
      when === 'always' ? this.#state !== 'gone' : this.#state === (when === 'before' ? 'outside' : 'inside');
    this.#do(open ? ask(this.#peer) : refuse('not connected'), answer); // CODE-20
  }

  #do(ask: Ask, answer: Answer): void {
    switch (ask.type) {
      case 'answer':
        return answer(ask.status);
      case 'enter':
        return this.#enter(ask, answer);
      case 'rename':
        return this.#peer.rename(ask.name, (result) => answer(outcome(result)));
      case 'speak':
        return this.#peer.speak(ask.speech, (result) => answer(outcome(result)));
      case 'leave':
        this.#state = 'gone';
        answer(succeeded()); // CODE-35
        return this.#peer.leave();
    }
  }

  #enter({ name, password }: Extract<Ask, { type: 'enter' }>, answer: Answer): void {
    this.#state = 'entering';
    const { privateLines, codechatHistory: history } = this.#facts;
    const coming = { reachable: privateLines, status: null, lobby: true };
    const entered = (result: Result<unknown, Refusal>) => {
      this.#state = result.ok ? 'inside' : 'outside'; // CODE-21
      answer(outcome(result)); // CODE-21
      const direct = privateLines ? 'others' : null; // CODE-65
      if (result.ok) this.#peer.show({ rooms: 'lobby', history, own: 'others', direct, notices: false }); // CODE-23
    };
    if (password === null) return this.#peer.enter(name, coming, entered); // CODE-22 CODE-24
    this.#peer.login(name, { form: 'plain', value: password }, coming, entered);
  }
}

/** The answer that has nothing to say but yes or no. */
function outcome(result: Result<unknown, Refusal>): Status {
  return result.ok ? succeeded() : refused(result.error); // CODE-60
}
