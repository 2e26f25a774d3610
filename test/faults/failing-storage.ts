import type { Storage } from '../../src/core/ports.ts';

/** A storage whose n-th call fails: an append is refused, a read rejects. */
export class FailingStorage implements Storage {
  readonly identity: string;
  readonly #inner: Storage;
  readonly #failAt: number;
  calls = 0;

  constructor(inner: Storage, failAt: number) {
    this.#inner = inner;
    this.identity = inner.identity;
    this.#failAt = failAt;
  }

  get fired(): boolean {
    return this.calls >= this.#failAt;
  }

  append: Storage['append'] = (batch) =>
    this.#fails()
      ? Promise.resolve(batch.map(() => ({ type: 'unavailable', reason: 'the test wants it' })))
      : this.#inner.append(batch);
  changes: Storage['changes'] = () => this.#read(() => this.#inner.changes());
  positions: Storage['positions'] = (streams) => this.#read(() => this.#inner.positions(streams));
  entries: Storage['entries'] = (...args) => this.#read(() => this.#inner.entries(...args));
  load: Storage['load'] = (stream) => this.#read(() => this.#inner.load(stream));
  page: Storage['page'] = (...args) => this.#read(() => this.#inner.page(...args));
  message: Storage['message'] = (id) => this.#read(() => this.#inner.message(id));
  credential: Storage['credential'] = (person) => this.#read(() => this.#inner.credential(person));
  token: Storage['token'] = (digest) => this.#read(() => this.#inner.token(digest));
  invitation: Storage['invitation'] = (digest) => this.#read(() => this.#inner.invitation(digest));
  session: Storage['session'] = (digest) => this.#read(() => this.#inner.session(digest));
  keptResult: Storage['keptResult'] = (...args) => this.#read(() => this.#inner.keptResult(...args));
  deliveryMarkers: Storage['deliveryMarkers'] = (person) => this.#read(() => this.#inner.deliveryMarkers(person));
  furthestReads: Storage['furthestReads'] = (room) => this.#read(() => this.#inner.furthestReads(room));
  relatedTo: Storage['relatedTo'] = (person) => this.#read(() => this.#inner.relatedTo(person));
  messagesBy: Storage['messagesBy'] = (...args) => this.#read(() => this.#inner.messagesBy(...args));
  file: Storage['file'] = (id) => this.#read(() => this.#inner.file(id));
  fileBytes: Storage['fileBytes'] = (person) => this.#read(() => this.#inner.fileBytes(person));
  uploadsBefore: Storage['uploadsBefore'] = (...args) => this.#read(() => this.#inner.uploadsBefore(...args));
  namedDigests: Storage['namedDigests'] = (digests) => this.#read(() => this.#inner.namedDigests(digests));
  search: Storage['search'] = (search) => this.#read(() => this.#inner.search(search));
  close = () => this.#inner.close();

  #fails(): boolean {
    this.calls += 1;
    return this.calls === this.#failAt;
  }

  #read<T>(read: () => Promise<T>): Promise<T> {
    return this.#fails() ? Promise.reject(new Error('the test wants it')) : read();
  }
}
