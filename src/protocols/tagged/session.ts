import type { Profile, SessionApi } from '../../connections/session/session-api.ts';
import type { ProtocolSession } from '../../connections/protocol-adapter.ts';
import type { HistoryPage } from '../../core/services/history.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Result } from '../../lib/result.ts';
import { isTaken, type SessionState } from '../request-gate.ts';
import type { Received } from './codec.ts';
import { outcomeOf } from './errors.ts';
import { type Action, handlerOf, type View, whenTaken } from './handlers.ts';
import { type Renderer, renderGroups, renderMe, renderUser } from './render.ts';
import { emptyReply, done, type Heading, headingOf, type Outcome } from './replies.ts';
import type { Chat, Down, Font, Push, Up } from './schema.ts';

/** The settings of the server that sessions need. */
export type TaggedOptions = {
  readonly font: Font;
  readonly renderer: Renderer;
  /** Where hashes of passwords are accepted: everywhere, only on secure connections, or nowhere. */
  readonly logins: 'on' | 'tls' | 'off';
};

type Answer = (messages: Down | readonly Down[] | null) => void;

/** The most characters of all texts in one reply of history. */
const MAX_HISTORY = 262_144;

const notLoggedIn: Outcome = { result: 401, result_message: 'not logged in' };
const alreadyLoggedIn: Outcome = { result: 400, result_message: 'already logged in' };

/** One client's side of tagged: looks each request up, and calls the session API. */
export class TaggedSession implements ProtocolSession<Received, Down> {
  readonly #api: SessionApi;
  readonly #options: TaggedOptions;
  readonly #view: View;
  #state: SessionState = 'outside';

  constructor(options: TaggedOptions, api: SessionApi) {
    this.#options = options;
    this.#api = api;
    this.#view = { font: options.font, api };
  }

  receive(received: Received, answer: Answer): void {
    const heading = received.type === 'flaw' ? received.flaw : headingOf(received.request);
    const name = received.type === 'flaw' ? received.message : received.request.message;
    const refusal = this.#state === 'inside' ? alreadyLoggedIn : notLoggedIn; // TAG-44
    if (!isTaken(whenTaken(name), this.#state)) return answer(emptyReply(heading, refusal)); // TAG-26
    if (received.type === 'flaw') {
      const { result, reason } = received.flaw;
      return answer(emptyReply(heading, { result, result_message: reason })); // TAG-22
    }
    const { request } = received;
    const { action } = handlerOf(request);
    if (this.#refusesHash(request)) return answer(emptyReply(heading, outcomeOf({ type: 'login-switched-off' }))); // TAG-55
    this.#do(action(this.#view), heading, answer);
  }

  #do(action: Action, heading: Heading, answer: Answer): void {
    const { reply: _, ...tagField } = heading;
    const answering =
      <T>(replyTo: (value: T) => Down | readonly Down[]) =>
      (result: Result<T, Refusal>) =>
        answer(result.ok ? replyTo(result.value) : emptyReply(heading, outcomeOf(result.error)));
    const answerWith = (outcome: Outcome) => answering(() => emptyReply(heading, outcome));
    const usersPush = (users: readonly Profile[]): Push => ({ message: 'detail.users', users: users.map(renderUser) });
    const groupsPush = (views: readonly RoomView[]): Push => ({
      message: 'detail.groups',
      groups: renderGroups(views),
    });
    switch (action.type) {
      case 'login':
        return this.#login(action, heading, answer);
      case 'register':
        return this.#api.register(action.name, action.displayName, action.password, answerWith(done(201))); // TAG-48
      case 'leave':
        this.#state = 'gone';
        answer(null); // TAG-47
        return this.#api.leave();
      case 'settings':
        return this.#api.changeSettings(action.command, answerWith(action.outcome));
      case 'send':
        return this.#api.send(
          action.command,
          answering(({ message, delivered }) => {
            return { reply: 'default', ...done(delivered ? 200 : 202), ...tagField, id: message.id }; // TAG-72
          }),
        );
      case 'friends': {
        const users = action.profiles.map(renderUser);
        return answer({ reply: 'detail.users', ...listed(users), ...tagField, users });
      }
      case 'users':
        return answer(this.#pushThenReply(action.profiles, heading, usersPush));
      case 'own-groups':
        return this.#api.ownGroups(
          answering((views) => {
            const groups = renderGroups(views);
            return { reply: 'detail.groups', ...listed(groups), ...tagField, groups };
          }),
        );
      case 'groups':
        return this.#api.groups(
          action.names,
          answering((views) => this.#pushThenReply(views, heading, groupsPush)),
        );
      case 'history': {
        const { of, name, before, limit } = action;
        const reply = answering((page: HistoryPage) => {
          const messages = this.#history(page);
          return { reply: 'history', ...listed(messages), ...tagField, messages };
        });
        return this.#api.history(of, name, before, limit, reply);
      }
    }
  }

  #login(action: Extract<Action, { type: 'login' }>, heading: Heading, answer: Answer): void {
    this.#state = 'entering';
    const entered = (result: Result<unknown, Refusal>) => {
      const self = result.ok ? this.#api.ownProfile() : null;
      this.#state = result.ok ? 'inside' : 'outside';
      if (!result.ok) return answer(emptyReply(heading, outcomeOf(result.error)));
      const { reply: _, ...tagField } = heading;
      answer({ reply: 'login', ...done(200), ...tagField, ...(self && { me: renderMe(self) }) }); // TAG-40
      const direct = action.echo ? 'others' : 'changes'; // TAG-62 TAG-96
      this.#api.subscribe({ rooms: 'all', history: 0, ownMessages: 'others', direct, rosterUpdates: true }); // TAG-61
    };
    if (action.password === null)
      this.#api.enter(action.name, action.login, entered); // TAG-43
    else this.#api.login(action.name, action.password, action.login, entered); // TAG-40
  }

  /** Whether the request carries the hash of a password that this server does not accept here. */
  #refusesHash(request: Up): boolean {
    const { logins } = this.#options;
    const brings = 'password' in request || request.message === 'me.password'; // TAG-55
    return brings && (logins === 'off' || (logins === 'tls' && !this.#api.secure)); // TAG-55
  }

  /** The newest messages of a page that fit into one reply, without deleted ones. */
  #history({ conversation, messages }: HistoryPage): Chat[] {
    let left = MAX_HISTORY;
    const standing = messages.filter(({ deletedAt }) => deletedAt === null); // TAG-75
    return standing
      .toReversed()
      .filter(({ text }) => (left -= text.length) >= 0) // TAG-76
      .toReversed()
      .map((message) => this.#options.renderer.history(message, conversation));
  }

  /** A push with what was found, each once, then the reply. If nothing was found, the reply alone. */
  #pushThenReply<T extends { readonly id: number }>(
    found: readonly (T | null)[],
    heading: Heading,
    push: (found: readonly T[]) => Push,
  ): Down[] {
    const known = [...new Map(found.flatMap((one) => (one === null ? [] : [[one.id, one] as const]))).values()];
    if (found.length === 0) return [emptyReply(heading, done(204))]; // TAG-53
    if (known.length === 0) return [emptyReply(heading, outcomeOf({ type: 'not-found' }))]; // TAG-53
    const tag = `_${this.#api.eventId()}`; // TAG-34
    return [{ ...push(known), tag }, emptyReply(heading, done(found.includes(null) ? 206 : 200))]; // TAG-53
  }
}

function listed(found: readonly unknown[]): Outcome {
  return done(found.length > 0 ? 200 : 204); // TAG-52
}
