import type { Peer } from '../../connections/peer.ts';
import type { Session } from '../../connections/wire.ts';
import type { Excerpt } from '../../core/history.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Result } from '../../lib/result.ts';
import type { Received } from './codec.ts';
import { outcomeOf } from './errors.ts';
import { type Ask, handlerOf, type View } from './handlers.ts';
import { type Renderer, renderGroups, renderMe, renderUser } from './render.ts';
import { bare, done, type Heading, headingOf, type Outcome } from './replies.ts';
import type { Chat, Down, Font, Push, Up } from './schema.ts';

/** What a session knows of its server. */
export type Rules = {
  readonly font: Font;
  readonly renderer: Renderer;
  /** Where hashes of passwords are taken: everywhere, only where nobody can overhear them, or nowhere. */
  readonly logins: 'on' | 'tls' | 'off';
};

/** `entering` lasts while a login is being decided. */
type State = 'outside' | 'entering' | 'inside' | 'gone';

type Answer = (messages: Down | readonly Down[] | null) => void;

/** So many characters the texts in one reply of history have together; the newest that fit are in it. */
const MAX_HISTORY = 262_144;

const notLoggedIn: Outcome = { result: 401, result_message: 'not logged in' };
const alreadyLoggedIn: Outcome = { result: 400, result_message: 'already logged in' };

/** One client's side of tagged: looks each request up, and asks the peer for what it means. */
export class TaggedSession implements Session<Received, Down> {
  readonly #peer: Peer;
  readonly #rules: Rules;
  readonly #view: View;
  #state: State = 'outside';
  #pushed = 0;

  constructor(rules: Rules, peer: Peer) {
    this.#rules = rules;
    this.#peer = peer;
    this.#view = { font: rules.font, peer };
  }

  receive(received: Received, answer: Answer): void {
    if (received.type === 'flaw') {
      const { result, reason } = received.flaw;
      return answer(bare(received.flaw, { result, result_message: reason })); // TAG-22
    }
    const { request } = received;
    const heading = headingOf(request);
    const { when, ask } = handlerOf(request);
    if (when === 'before' && this.#state === 'inside') return answer(bare(heading, alreadyLoggedIn)); // TAG-44
    const open = when === 'always' || this.#state === (when === 'before' ? 'outside' : 'inside');
    if (!open || (this.#state === 'gone' && request.message !== 'logout')) return answer(bare(heading, notLoggedIn)); // TAG-26
    if (this.#keepsOut(request)) return answer(bare(heading, outcomeOf({ type: 'login-switched-off' }))); // TAG-55
    this.#do(ask(this.#view), heading, answer);
  }

  #do(ask: Ask, heading: Heading, answer: Answer): void {
    const { reply: _, ...mark } = heading;
    const settle = (outcome: Outcome) => (result: Result<unknown, Refusal>) =>
      answer(bare(heading, result.ok ? outcome : outcomeOf(result.error)));
    switch (ask.type) {
      case 'login':
        return this.#login(ask, heading, answer);
      case 'register':
        return this.#peer.register(ask.name, ask.displayName, ask.password, settle(done(201))); // TAG-48
      case 'leave':
        this.#state = 'gone';
        answer(null); // TAG-47
        return this.#peer.leave();
      case 'change':
        return this.#peer.change(ask.change, settle(ask.outcome));
      case 'speak':
        return this.#peer.speak(ask.speech, (result) => {
          if (!result.ok) return answer(bare(heading, outcomeOf(result.error)));
          const { message, delivered } = result.value;
          answer({ reply: 'default', ...done(delivered ? 200 : 202), ...mark, id: message.id }); // TAG-72
        });
      case 'friends':
        return answer({ reply: 'detail.users', ...listed(ask.cards), ...mark, users: ask.cards.map(renderUser) });
      case 'users':
        return answer(
          this.#told(ask.cards, heading, (cards) => ({ message: 'detail.users', users: cards.map(renderUser) })),
        );
      case 'own-groups':
        return this.#peer.ownGroups((result) => {
          if (!result.ok) return answer(bare(heading, outcomeOf(result.error)));
          const groups = renderGroups(result.value);
          answer({ reply: 'detail.groups', ...listed(groups), ...mark, groups });
        });
      case 'groups':
        return this.#peer.groups(ask.names, (result) => {
          if (!result.ok) return answer(bare(heading, outcomeOf(result.error)));
          answer(
            this.#told(result.value, heading, (views) => ({ message: 'detail.groups', groups: renderGroups(views) })),
          );
        });
      case 'history':
        return this.#peer.history(ask.of, ask.name, ask.before, ask.limit, (result) => {
          if (!result.ok) return answer(bare(heading, outcomeOf(result.error)));
          const messages = this.#history(result.value);
          answer({ reply: 'history', ...listed(messages), ...mark, messages });
        });
    }
  }

  #login(ask: Extract<Ask, { type: 'login' }>, heading: Heading, answer: Answer): void {
    this.#state = 'entering';
    const entered = (result: Result<unknown, Refusal>) => {
      const self = result.ok ? this.#peer.self() : null;
      this.#state = result.ok ? 'inside' : 'outside';
      if (!result.ok) return answer(bare(heading, outcomeOf(result.error)));
      const { reply: _, ...mark } = heading;
      answer({ reply: 'login', ...done(200), ...mark, ...(self && { me: renderMe(self) }) }); // TAG-40
      const direct = ask.echo ? 'others' : 'none'; // TAG-62
      this.#peer.show({ rooms: 'all', history: 0, own: 'others', direct, notices: true }); // TAG-61
    };
    if (ask.password === null)
      this.#peer.enter(ask.name, ask.coming, entered); // TAG-43
    else this.#peer.login(ask.name, ask.password, ask.coming, entered); // TAG-40
  }

  /** Whether a hash that could be overheard, or is not to be taken at all, would be taken. */
  #keepsOut(request: Up): boolean {
    const { logins } = this.#rules;
    const brings = 'password' in request || request.message === 'me.password'; // TAG-55
    return brings && (logins === 'off' || (logins === 'tls' && !this.#peer.secure)); // TAG-55
  }

  /** The newest messages of an excerpt that fit into one reply, without those that were deleted. */
  #history({ place, messages }: Excerpt): Chat[] {
    let left = MAX_HISTORY;
    const standing = messages.filter(({ deletedAt }) => deletedAt === null); // TAG-75
    return standing
      .toReversed()
      .filter(({ text }) => (left -= text.length) >= 0) // TAG-76
      .toReversed()
      .map((message) => this.#rules.renderer.history(message, place));
  }

  /** What was found of the names that were asked for, then how that went; only that where nothing was. */
  #told<T extends { readonly id: number }>(
    found: readonly (T | null)[],
    heading: Heading,
    push: (found: readonly T[]) => Push,
  ): Down[] {
    const known = [...new Map(found.flatMap((one) => (one === null ? [] : [[one.id, one] as const]))).values()];
    if (found.length === 0) return [bare(heading, done(204))]; // TAG-53
    if (known.length === 0) return [bare(heading, outcomeOf({ type: 'not-found' }))]; // TAG-53
    const tag = `_${++this.#pushed}`; // TAG-34
    return [{ ...push(known), tag }, bare(heading, done(found.includes(null) ? 206 : 200))]; // TAG-53
  }
}

function listed(found: readonly unknown[]): Outcome {
  return done(found.length > 0 ? 200 : 204); // TAG-52
}
