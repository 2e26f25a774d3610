import type { ProtocolSession } from '../../connections/protocol-adapter.ts';
import type { Done, SessionApi } from '../../connections/session/session-api.ts';
import type { Password } from '../../core/ports.ts';
import type { ServerFacts } from '../protocol.ts';
import { isTaken, type SessionState } from '../request-gate.ts';
import { Changes, doneAnswer, result200 } from './writing/changes.ts';
import { headingOf, type Outgoing, type Received } from './codec.ts';
import { errorAnswer, type Heading, refused } from './errors.ts';
import { LOGIN, SHOWN, whenTaken } from './handlers.ts';
import { serveInvitation } from './writing/invitations.ts';
import type { ReadAnswers } from './reading/read-answers.ts';
import { Reads } from './reading/reads.ts';
import type { ChangeBlocks } from './change-blocks.ts';
import type { RequestOf, Up } from './schema.ts';
import { DocumentSubscriptions } from './document-subscriptions.ts';
import { search } from './reading/search.ts';
import { ROOT } from './view-keys.ts';

/** The settings of the server that sessions need, and the answers that they share. */
export type SessionOptions = {
  readonly facts: ServerFacts;
  readonly readAnswers: ReadAnswers;
  readonly changeBlocks: ChangeBlocks;
};

type Answer = (message: Outgoing | null) => void;
type Request = Extract<Up, { type: 'request' }>;

/** One client's side of documents: checks when a request is taken, and calls the session API. */
export class DocumentsSession implements ProtocolSession<Received, Outgoing> {
  readonly #options: SessionOptions;
  readonly #api: SessionApi;
  readonly #subscriptions: DocumentSubscriptions;
  readonly #reads: Reads;
  readonly #changes: Changes;
  #state: SessionState = 'outside';

  constructor(options: SessionOptions, api: SessionApi, push: (message: Outgoing) => void) {
    this.#options = options;
    this.#api = api;
    this.#subscriptions = new DocumentSubscriptions(api, options.changeBlocks, push);
    this.#reads = new Reads(api, options.readAnswers, this.#subscriptions);
    this.#changes = new Changes(api, options.facts.media, (then) => this.#subscriptions.keepAll(then));
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
    else if (message.cls === 'typing')
      this.#api.typing(message.data.key.id, message.data.typing ?? true); // DOC-160 DOC-161
    else if (message.cls === 'subscribe') for (const key of message.data) this.#subscriptions.follow(key);
    else for (const key of message.data) this.#subscriptions.remove(key); // DOC-102
    answer(null); // DOC-16
  }

  lost(): void {
    this.#subscriptions.lost(); // DOC-220
  }

  resumed(stored: readonly string[] | null): void {
    this.#state = 'inside';
    this.#api.subscribe(SHOWN); // DOC-107
    this.#subscriptions.resumed(stored); // DOC-220 DOC-221
  }

  #serve(request: Request, heading: Heading, answer: Answer): void {
    switch (request.cls) {
      case 'login':
        return this.#login(request.data, heading, answer);
      case 'logout':
        return this.#logout(request.data?.token, heading, answer);
      case 'reconnect':
        return this.#reconnect(request.data.session, heading, answer);
      case 'get_content':
        return this.#reads.content(request.data, heading, answer);
      case 'get_children':
        return this.#reads.children(request.data, heading, answer);
      case 'add_child':
      case 'remove_child':
      case 'patch_content':
      case 'register':
        return this.#changes.serve(request, heading, answer);
      case 'search':
        return search(this.#api, request.data, heading, answer);
      case 'password': {
        const command = { type: 'password', old: plain(request.data.old), fresh: plain(request.data.new) } as const;
        return this.#api.changeSettings(command, doneAnswer(heading, 200, answer)); // DOC-88
      }
      case 'token':
        return this.#api.issueToken((result) => {
          if (!result.ok) return answer(refused(heading, result.error)); // DOC-170
          answer({ type: 'result', id: request.id, cls: 'token', status: 200, data: { token: result.value } }); // DOC-170
        });
      case 'delete_account':
        return this.#api.deleteAccount(plain(request.data.password), doneAnswer(heading, 200, answer)); // DOC-89
      case 'ban': {
        const { room, person, until = null, reason = 'banned' } = request.data;
        const command = { type: 'ban-member', room: room.id, person: person.id, until, reason } as const;
        return this.#api.command(command, doneAnswer(heading, 200, answer)); // DOC-98
      }
      case 'invite':
      case 'invitation':
      case 'end_invitations':
        return serveInvitation(this.#api, request, heading, answer);
    }
  }

  #login({ username, password, token }: RequestOf<'login'>['data'], heading: Heading, answer: Answer): void {
    this.#state = 'entering';
    const entered: Done<{ readonly id: number }> = (result) => {
      if (result.ok) return this.#api.nameSession((secret) => this.#entered(result.value.id, secret, heading, answer));
      this.#state = 'outside';
      answer(refused(heading, result.error)); // DOC-41
    };
    if (token !== undefined) return this.#api.resume(username, token, LOGIN, entered); // DOC-171
    if (password === undefined) return this.#api.enter(username, LOGIN, entered); // DOC-83
    this.#api.login(username, plain(password), LOGIN, entered); // DOC-83
  }

  #logout(token: string | undefined, heading: Heading, answer: Answer): void {
    const ended = token === undefined ? [] : [token]; // DOC-172
    const done = doneAnswer(heading, 200, answer, () => this.#leave());
    this.#api.signOut(done, ended); // DOC-83
  }

  #entered(id: number, session: string, heading: Heading, answer: Answer): void {
    this.#state = 'inside';
    answer({
      type: 'result',
      ...(heading as { id: string }),
      cls: 'login',
      status: 200,
      data: {
        session,
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
  }

  /** If that succeeds, the connection carries the old session from then on, and calls its `resumed`. */
  #reconnect(secret: string, heading: Heading, answer: Answer): void {
    this.#state = 'entering';
    this.#api.reconnect(secret, (result) => {
      if (result.ok) return answer({ ...result200(heading, 'reconnect') }); // DOC-222
      this.#state = 'outside';
      const { error } = result;
      answer(refused(heading, error.type === 'wrong-credentials' ? { type: 'unknown-session' } : error)); // DOC-44
    });
  }

  /** The person is gone, and the connection stays. */
  #leave(): void {
    this.#state = 'outside';
    this.#subscriptions.clear();
  }
}

function plain(value: string): Password {
  return { type: 'plain', value };
}
