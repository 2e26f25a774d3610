import type { SessionApi } from '../../connections/session/session-api.ts';
import type { ProtocolSession } from '../../connections/protocol-adapter.ts';
import { parseName } from '../../core/text/names/parse.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Result } from '../../lib/result.ts';
import { refused } from './errors.ts';
import { type Action, actionOf, type AuthorizedAction } from './handlers.ts';
import { failed, succeeded } from './replies.ts';
import type { Down, Up } from './schema.ts';

type Answer = (message: Down) => void;
type ActionOf<T extends Action['type']> = Extract<Action, { type: T }>;

const login = { acceptsDirect: true, status: null, lobby: false };
const options = { rooms: 'all', history: 0, ownMessages: 'all', direct: 'none', rosterUpdates: false } as const; // MSGP-55

/** One client's side of msgpack. A request with a name and its token is that person's, on any connection (MSGP-30). */
export class MsgpackSession implements ProtocolSession<Up, Down> {
  readonly #api: SessionApi;

  constructor(api: SessionApi) {
    this.#api = api;
  }

  receive(request: Up, answer: Answer): void {
    const action = actionOf(request);
    switch (action.type) {
      case 'register':
        return this.#api.register(action.name, null, action.password, (result) => answer(outcome(result))); // MSGP-20
      case 'login':
        return this.#login(action, answer);
      case 'logout':
        return this.#logout(action, answer);
      case 'do':
        return this.#authorize(action, answer);
    }
  }

  #login({ name, password }: ActionOf<'login'>, answer: Answer): void {
    if (this.#api.person !== null) return answer(failed('already logged in: log out first')); // MSGP-23
    this.#api.login(name, password, login, (result) => {
      if (!result.ok) return answer(outcome(result)); // MSGP-22
      this.#api.issueToken((token) => {
        if (!token.ok) return this.#api.signOut(() => answer(outcome(token))); // MSGP-24
        answer({ type: 'response login', username: result.value.name, token: token.value }); // MSGP-21
        this.#api.subscribe(options);
      });
    });
  }

  #logout({ name }: ActionOf<'logout'>, answer: Answer): void {
    const { person } = this.#api;
    if (person === null || !isSame(name, person.name))
      return answer(failed('you are not logged in under this name here')); // MSGP-25
    this.#api.signOut((result) => answer(outcome(result))); // MSGP-26
  }

  /** Checks the name and the token. If nobody is logged in here, it logs that person in. */
  #authorize({ name, token, action }: ActionOf<'do'>, answer: Answer): void {
    const isNew = this.#api.person === null;
    this.#api.resume(name, token, login, (result) => {
      if (!result.ok) return answer(outcome(result)); // MSGP-30
      this.#do(action, (message) => {
        answer(message);
        if (isNew) this.#api.subscribe(options); // MSGP-31
      });
    });
  }

  #do(action: AuthorizedAction, answer: Answer): void {
    const answerResult = (result: Result<unknown, Refusal>) => answer(outcome(result));
    if (action.type === 'send') this.#api.send(action.command, answerResult);
    else this.#api.changeSettings(action.command, answerResult);
  }
}

/** The response that says only whether the request succeeded. */
function outcome(result: Result<unknown, Refusal>): Down {
  return result.ok ? succeeded : refused(result.error); // MSGP-60
}

function isSame(name: string, other: string): boolean {
  const [one, two] = [parseName(name), parseName(other)];
  return one.ok && two.ok && one.value.skeleton === two.value.skeleton; // MSGP-25
}
