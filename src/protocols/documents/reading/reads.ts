import type { SessionApi } from '../../../connections/session/session-api.ts';
import type { Outgoing } from '../codec.ts';
import { type DocumentSubscriptions, NO_SUBSCRIPTION } from '../document-subscriptions.ts';
import { type Heading, refused } from '../errors.ts';
import { versionOf, viewOf } from '../handlers.ts';
import type { ReadAnswers } from './read-answers.ts';
import type { RequestOf } from '../schema.ts';
import { viewKeyOf } from '../view-keys.ts';

/** The number of entries on a page, unless the client says otherwise. */
const PAGE = 50;

type Answer = (message: Outgoing) => void;

/** Serves what one client asks about documents, and subscribes to them where it asks for that. */
export class Reads {
  readonly #api: Pick<SessionApi, 'content' | 'children'>;
  readonly #answers: ReadAnswers;
  readonly #subscriptions: DocumentSubscriptions;

  constructor(
    api: Pick<SessionApi, 'content' | 'children'>,
    answers: ReadAnswers,
    subscriptions: DocumentSubscriptions,
  ) {
    this.#api = api;
    this.#answers = answers;
    this.#subscriptions = subscriptions;
  }

  content({ key, ver, subscribe }: RequestOf<'get_content'>['data'], heading: Heading, answer: Answer): void {
    const viewKey = viewKeyOf(key);
    if (viewKey === null) return answer(refused(heading, { type: 'not-found' })); // DOC-82
    const subscription = subscribe === true ? this.#subscriptions.add(key) : NO_SUBSCRIPTION;
    if (subscription === null) return answer(refused(heading, { type: 'too-many-subscriptions' })); // DOC-101
    this.#api.content(viewKey, versionOf(ver), (result) => {
      if (result.ok) return subscription.make(() => answer(this.#answers.content(heading, key, result.value))); // DOC-100
      subscription.cancel(); // DOC-100
      answer(refused(heading, result.error)); // DOC-44 DOC-82
    });
  }

  children(data: RequestOf<'get_children'>['data'], heading: Heading, answer: Answer): void {
    const { key, page = 1, size = PAGE, before = null } = data;
    const view = viewOf(key, data.view);
    const viewKey = viewKeyOf(key);
    if (viewKey === null) return answer(refused(heading, { type: 'not-found' })); // DOC-82
    if (view === null) return answer(refused(heading, { type: 'unknown-view' })); // DOC-84
    const subscription = data.subscribe === true ? this.#subscriptions.add(key) : NO_SUBSCRIPTION;
    if (subscription === null) return answer(refused(heading, { type: 'too-many-subscriptions' })); // DOC-101
    const version = versionOf(data.ver);
    const request = { key, view, page, size, before };
    this.#api.children(viewKey, { order: view, size, index: page, before, version }, (result) => {
      if (result.ok)
        return subscription.make(() => answer(this.#answers.children(heading, request, result.value, version))); // DOC-100
      subscription.cancel(); // DOC-100
      answer(refused(heading, result.error)); // DOC-44 DOC-82
    });
  }
}
