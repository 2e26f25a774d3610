import type { ProtocolSession } from '../../connections/protocol-adapter.ts';
import type { Done, SessionApi } from '../../connections/session/session-api.ts';
import type { Password } from '../../core/ports.ts';
import type { ServerFacts } from '../protocol.ts';
import { isTaken, type SessionState } from '../request-gate.ts';
import { childAdded, type ChildCommand, childRemoved } from './children.ts';
import type { Received } from './codec.ts';
import { errorAnswer, type Heading, refused } from './errors.ts';
import { FORMAT } from './fields.ts';
import { LOGIN, SHOWN, versionOf, viewOf, whenTaken } from './handlers.ts';
import type { Outgoing, ReadAnswers } from './read-answers.ts';
import type { Down, RequestOf, Up } from './schema.ts';
import { DocumentSubscriptions } from './document-subscriptions.ts';
import { ROOT, viewKeyOf } from './view-keys.ts';
import { writePatch } from './writes.ts';

/** The number of entries on a page, unless the client says otherwise. */
const PAGE = 50;
/** The settings of the server that sessions need, and the answers that they share. */
export type SessionOptions = { readonly facts: ServerFacts; readonly readAnswers: ReadAnswers };

type Answer = (message: Outgoing | null) => void;
type Request = Extract<Up, { type: 'request' }>;

/** One client's side of documents: checks when a request is taken, and calls the session API. */
export class DocumentsSession implements ProtocolSession<Received, Outgoing> {
  readonly #options: SessionOptions;
  readonly #api: SessionApi;
  readonly #subscriptions: DocumentSubscriptions;
  #state: SessionState = 'outside';

  constructor(options: SessionOptions, api: SessionApi, push: (message: Outgoing) => void) {
    this.#options = options;
    this.#api = api;
    this.#subscriptions = new DocumentSubscriptions(api, push);
  }

  receive(received: Received, answer: Answer): void {
    if (received.type === 'ignored') return answer(null); // DOC-17
    const heading = headingOf(received);
    if (!isTaken(whenTaken(heading.cls), this.#state)) {
      const type = this.#state === 'inside' ? 'already-logged-in' : 'not-logged-in';
      return answer(refused(heading, { type })); // DOC-43 DOC-81
    }
    if (received.type === 'flaw') return answer(errorAnswer(heading, received.problem)); // DOC-13
    const { message } = received;
    if (message.type === 'request') return this.#serve(message, heading, answer);
    if (message.type !== 'notify') this.#subscriptions.confirmed(message.id);
    else if (message.cls === 'subscribe') for (const key of message.data) this.#subscriptions.follow(key);
    else for (const key of message.data) this.#subscriptions.remove(key); // DOC-102
    answer(null); // DOC-16
  }

  #serve(request: Request, heading: Heading, answer: Answer): void {
    switch (request.cls) {
      case 'login':
        return this.#login(request.data, heading, answer);
      case 'logout':
        return this.#api.signOut(this.#done(heading, 200, answer, () => this.#leave())); // DOC-83
      case 'reconnect':
        return answer(refused(heading, { type: 'unknown-session' })); // DOC-44
      case 'register': {
        const { username, password, display_name: displayName = null } = request.data;
        return this.#api.register(username, displayName, plain(password), this.#done(heading, 201, answer)); // DOC-87
      }
      case 'get_content':
        return this.#content(request.data, heading, answer);
      case 'get_children':
        return this.#children(request.data, heading, answer);
      case 'patch_content':
        return this.#patch(request.data, heading, answer);
      case 'add_child':
        return this.#add(childAdded(request.data, this.#self), heading, answer);
      case 'remove_child': {
        const command = childRemoved(request.data, this.#self);
        if (command === null) return answer(refused(heading, { type: 'not-found' })); // DOC-90
        return this.#api.command(command, this.#done(heading, 200, answer)); // DOC-96 DOC-97
      }
      case 'password': {
        const command = { type: 'password', old: plain(request.data.old), fresh: plain(request.data.new) } as const;
        return this.#api.changeSettings(command, this.#done(heading, 200, answer)); // DOC-88
      }
      case 'delete_account':
        return this.#api.deleteAccount(plain(request.data.password), this.#done(heading, 200, answer)); // DOC-89
      case 'ban': {
        const { room, person, until = null, reason = 'banned' } = request.data;
        const command = { type: 'ban-member', room: room.id, person: person.id, until, reason } as const;
        return this.#api.command(command, this.#done(heading, 200, answer)); // DOC-98
      }
    }
  }

  get #self(): number {
    return this.#api.person?.id ?? 0;
  }

  #login({ username, password }: RequestOf<'login'>['data'], heading: Heading, answer: Answer): void {
    this.#state = 'entering';
    const entered: Done<{ readonly id: number }> = (result) => {
      this.#state = result.ok ? 'inside' : 'outside';
      if (!result.ok) return answer(refused(heading, result.error)); // DOC-41
      const { id } = result.value;
      answer({
        type: 'result',
        ...(heading as { id: string }),
        cls: 'login',
        status: 200,
        data: {
          session: this.#api.sessionSecret() ?? '',
          self: { type: 'user', id },
          rooms: { type: 'rooms', id },
          fav: { type: 'fav', id },
          root: ROOT,
          home: { type: 'unit', id: this.#api.homeUnit() },
          config: { media_server: this.#options.facts.media.address },
          blocked: { type: 'blocked', id },
        },
      }); // DOC-36
      this.#api.subscribe(SHOWN); // DOC-107
    };
    if (password === undefined) return this.#api.enter(username, LOGIN, entered); // DOC-83
    this.#api.login(username, plain(password), LOGIN, entered); // DOC-83
  }

  /** The person is gone, and the connection stays. */
  #leave(): void {
    this.#state = 'outside';
    this.#subscriptions.clear();
  }

  #content({ key, ver, subscribe }: RequestOf<'get_content'>['data'], heading: Heading, answer: Answer): void {
    const viewKey = viewKeyOf(key);
    if (viewKey === null) return answer(refused(heading, { type: 'not-found' })); // DOC-82
    const cancel = subscribe === true ? this.#subscriptions.add(key) : () => {};
    if (cancel === null) return answer(refused(heading, { type: 'too-many-subscriptions' })); // DOC-101
    this.#api.content(viewKey, versionOf(ver), (result) => {
      if (!result.ok) cancel(); // DOC-100
      answer(
        result.ok ? this.#options.readAnswers.content(heading, key, result.value) : refused(heading, result.error),
      );
    }); // DOC-44 DOC-82
  }

  #children(data: RequestOf<'get_children'>['data'], heading: Heading, answer: Answer): void {
    const { key, page = 1, size = PAGE, before = null } = data;
    const view = viewOf(key, data.view);
    const viewKey = viewKeyOf(key);
    if (viewKey === null) return answer(refused(heading, { type: 'not-found' })); // DOC-82
    if (view === null) return answer(refused(heading, { type: 'unknown-view' })); // DOC-84
    const cancel = data.subscribe === true ? this.#subscriptions.add(key) : () => {};
    if (cancel === null) return answer(refused(heading, { type: 'too-many-subscriptions' })); // DOC-101
    const version = versionOf(data.ver);
    const request = { key, view, page, size, before };
    this.#api.children(viewKey, { order: view, size, index: page, before, version }, (result) => {
      if (!result.ok) cancel(); // DOC-100
      if (!result.ok) return answer(refused(heading, result.error)); // DOC-44 DOC-82
      answer(this.#options.readAnswers.children(heading, request, result.value, version));
    });
  }

  #patch(data: RequestOf<'patch_content'>['data'], heading: Heading, answer: Answer): void {
    writePatch(this.#api, this.#options.facts.media, data, (result) => {
      if (result.ok) {
        const { identity, number } = result.value;
        return answer({ ...result200(heading, 'patch_content'), data: { ver: [identity, number] } }); // DOC-120
      }
      const { error } = result;
      answer(error.type === 'unfit' ? errorAnswer(heading, { ...FORMAT, msg: error.reason }) : refused(heading, error));
    });
  }

  #add(child: ChildCommand | null, heading: Heading, answer: Answer): void {
    if (child === null) return answer(refused(heading, { type: 'not-found' })); // DOC-90
    this.#api.command(child.command, (result) => {
      if (!result.ok) return answer(refused(heading, result.error));
      answer({ ...result200(heading, 'add_child'), data: { key: child.keyOf(result.value) } }); // DOC-31
    });
  }

  /** Answers that a request is done, without data. */
  #done(heading: Heading, status: 200 | 201, answer: Answer, then: () => void = () => {}): Done<unknown> {
    return (result) => {
      if (!result.ok) return answer(refused(heading, result.error));
      then();
      answer({ type: 'result', ...heading, status } as Down); // DOC-31
    };
  }
}

/** What the answer to a message repeats of it. */
export function headingOf(received: Received): Heading {
  if (received.type === 'flaw') return received.heading;
  if (received.type === 'ignored') return {};
  const { cls } = received.message;
  return 'id' in received.message && received.message.id !== undefined ? { id: received.message.id, cls } : { cls }; // DOC-30
}

function result200<C extends string>({ id = '' }: Heading, cls: C) {
  return { type: 'result', id, cls, status: 200 } as const;
}

function plain(value: string): Password {
  return { type: 'plain', value };
}
