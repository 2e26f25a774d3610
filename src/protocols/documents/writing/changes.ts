import type { Done, SessionApi } from '../../../connections/session/session-api.ts';
import type { PersonId } from '../../../core/model/ids.ts';
import { sha256 } from '../../../lib/sha256.ts';
import type { MediaFacts } from '../../protocol.ts';
import { childAdded, childRemoved } from './children.ts';
import type { Outgoing } from '../codec.ts';
import { errorAnswer, type Heading, refused } from '../errors.ts';
import { FORMAT } from '../fields.ts';
import type { Down, RequestOf } from '../schema.ts';
import { type PatchRefusal, writePatch } from './writes.ts';

/** So many hex digits of a digest tell different data of one id apart. */
const DIGITS = 24;

type Answer = (message: Outgoing) => void;
type Repeatable = RequestOf<'add_child' | 'remove_child' | 'patch_content' | 'register'>;

const NOT_FOUND = { type: 'not-found' } as const;
/** The version after a patch that was made before a restart of the server: no document has it. */
const NO_VERSION = { identity: '', number: 0 };

/** Serves the requests by which one client changes something, and which it may send again after a lost connection. */
export class Changes {
  readonly #api: SessionApi;
  readonly #pictures: MediaFacts;
  readonly #registered: (then: () => void) => void;

  /** `registered` is called when a guest has become an account; that is answered when it calls `then`. */
  constructor(api: SessionApi, pictures: MediaFacts, registered: (then: () => void) => void) {
    this.#api = api;
    this.#pictures = pictures;
    this.#registered = registered;
  }

  serve(request: Repeatable, heading: Heading, answer: Answer): void {
    const { id, cls, data } = request;
    const text = `${id} ${sha256(JSON.stringify([cls, data])).slice(0, DIGITS)}`; // DOC-224
    switch (request.cls) {
      case 'add_child':
        return this.#add(request.data, text, heading, answer);
      case 'remove_child':
        return this.#remove(request.data, text, heading, answer);
      case 'patch_content':
        return this.#patch(request.data, text, heading, answer);
      case 'register':
        return this.#register(request.data, text, heading, answer);
    }
  }

  get #self(): PersonId {
    return this.#api.person?.id ?? 0;
  }

  #add(data: RequestOf<'add_child'>['data'], text: string, heading: Heading, answer: Answer): void {
    const child = childAdded(data, this.#self);
    if (child === null) return answer(refused(heading, NOT_FOUND)); // DOC-90
    this.#api.once(
      text,
      (name, finish) => this.#api.command(child.command, finish, name),
      (result) => {
        if (!result.ok) return answer(refused(heading, result.error));
        answer({ ...result200(heading, 'add_child'), data: { key: child.keyOf(result.value) } }); // DOC-31
      },
    );
  }

  #remove(data: RequestOf<'remove_child'>['data'], text: string, heading: Heading, answer: Answer): void {
    const command = childRemoved(data, this.#self);
    if (command === null) return answer(refused(heading, NOT_FOUND)); // DOC-90
    const done = doneAnswer(heading, 200, answer);
    this.#api.once(text, (name, finish) => this.#api.command(command, finish, name), done); // DOC-96 DOC-97
  }

  #patch(data: RequestOf<'patch_content'>['data'], text: string, heading: Heading, answer: Answer): void {
    this.#api.once<PatchRefusal>(
      text,
      (name, finish) => writePatch(this.#api, this.#pictures, data, name, finish),
      (result) => {
        if (result.ok) {
          const { identity, number } = result.value.version ?? NO_VERSION; // DOC-225
          return answer({ ...result200(heading, 'patch_content'), data: { ver: [identity, number] } }); // DOC-120
        }
        const { error } = result;
        const isUnfit = error.type === 'unfit';
        answer(isUnfit ? errorAnswer(heading, { ...FORMAT, msg: error.reason }) : refused(heading, error));
      },
    );
  }

  #register(data: RequestOf<'register'>['data'], text: string, heading: Heading, answer: Answer): void {
    const { username, password, display_name: displayName = null } = data;
    const secret = { type: 'plain', value: password } as const;
    const done = doneAnswer(heading, 201, answer);
    this.#api.once(
      text,
      (name, finish) =>
        this.#api.register(
          username,
          displayName,
          secret,
          (result) => finish(result.ok ? { ok: true, value: {} } : result),
          name,
        ),
      (result) => (result.ok ? this.#registered(() => done(result)) : done(result)),
    ); // DOC-87
  }
}

/** Answers that a request is done, without data. */
export function doneAnswer(
  heading: Heading,
  status: 200 | 201,
  answer: Answer,
  then: () => void = () => {},
): Done<unknown> {
  return (result) => {
    if (!result.ok) return answer(refused(heading, result.error));
    then();
    answer({ type: 'result', ...heading, status } as Down); // DOC-31
  };
}

/** The beginning of an answer of this class. */
export function result200<C extends string>({ id = '' }: Heading, cls: C) {
  return { type: 'result', id, cls, status: 200 } as const;
}
