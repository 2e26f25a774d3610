import type { Peer } from '../../connections/peer.ts';
import type { Session } from '../../connections/wire.ts';
import { parseName } from '../../core/names/parse.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Result } from '../../lib/result.ts';
import { refused } from './errors.ts';
import { type Ask, askOf, type Deed } from './handlers.ts';
import { failed, succeeded } from './replies.ts';
import type { Down, Up } from './schema.ts';

type Answer = (message: Down) => void;
type Asked<T extends Ask['type']> = Extract<Ask, { type: T }>;

const coming = { reachable: true, status: null, lobby: false };
const showing = { rooms: 'all', history: 0, own: 'all', direct: 'none', notices: false } as const; // MSGP-55

/** One client's side of msgpack: whoever shows a name and its token is that person, on whichever connection (MSGP-30). */
export class MsgpackSession implements Session<Up, Down> {
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  receive(request: Up, answer: Answer): void {
    const ask = askOf(request);
    switch (ask.type) {
      case 'register':
        return this.#peer.register(ask.name, null, ask.password, (result) => answer(outcome(result))); // MSGP-20
      case 'login':
        return this.#login(ask, answer);
      case 'logout':
        return this.#logout(ask, answer);
      case 'do':
        return this.#prove(ask, answer);
    }
  }

  #login({ name, password }: Asked<'login'>, answer: Answer): void {
    if (this.#peer.person !== null) return answer(failed('already logged in: log out first')); // MSGP-23
    this.#peer.login(name, password, coming, (result) => {
      if (!result.ok) return answer(outcome(result)); // MSGP-22
      this.#peer.issueToken((token) => {
        if (!token.ok) return this.#peer.signOut(() => answer(outcome(token))); // MSGP-24
        answer({ type: 'response login', username: result.value.name, token: token.value }); // MSGP-21
        this.#peer.show(showing);
      });
    });
  }

  #logout({ name }: Asked<'logout'>, answer: Answer): void {
    const { person } = this.#peer;
    if (person === null || !isSame(name, person.name))
      return answer(failed('you are not logged in under this name here')); // MSGP-25
    this.#peer.signOut((result) => answer(outcome(result))); // MSGP-26
  }

  /** A pair of name and token that is good makes this connection one of that person's, where it is nobody's. */
  #prove({ name, token, deed }: Asked<'do'>, answer: Answer): void {
    const isNew = this.#peer.person === null;
    this.#peer.resume(name, token, coming, (result) => {
      if (!result.ok) return answer(outcome(result)); // MSGP-30
      this.#do(deed, (message) => {
        answer(message);
        if (isNew) this.#peer.show(showing); // MSGP-31
      });
    });
  }

  #do(deed: Deed, answer: Answer): void {
    const settle = (result: Result<unknown, Refusal>) => answer(outcome(result));
    if (deed.type === 'speak') this.#peer.speak(deed.speech, settle);
    else this.#peer.change(deed.change, settle);
  }
}

/** The response that has nothing to say but yes or no. */
function outcome(result: Result<unknown, Refusal>): Down {
  return result.ok ? succeeded : refused(result.error); // MSGP-60
}

function isSame(name: string, other: string): boolean {
  const [one, two] = [parseName(name), parseName(other)];
  return one.ok && two.ok && one.value.skeleton === two.value.skeleton; // MSGP-25
}
