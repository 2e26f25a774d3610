import assert from 'node:assert/strict';
import { sameJson } from '../../src/lib/same-json.ts';
import {
  type Client,
  connect,
  DocumentsError,
  type LiveValue,
  type Options,
} from '../../src/protocols/documents/client.ts';
import type { SeededRandom } from '../../testing/random.ts';
import { untilSettled } from '../../testing/world.ts';
import type { Request } from '../versions/anew.ts';
import { documentsOf, listsOf } from '../versions/documents.ts';
import { PASSWORD } from '../versions/speakers/speaker.ts';
import type { Story } from '../versions/story.ts';
import type { Tally } from '../versions/tally.ts';
import type { MemoryNetwork } from './network.ts';
import type { Postings } from './postings.ts';

/** So many contents and pages are watched at once. */
const MOST = 40;

type Watched = { readonly request: Request; readonly live: LiveValue<unknown> };

/** The parts of a history that its watchers share. */
export type Stage = {
  readonly story: Story;
  readonly network: MemoryNetwork;
  readonly random: SeededRandom;
  readonly tally: Tally;
  readonly postings: Postings;
};

/** Somebody with a client library on a bad network, who watches random documents, says something, and changes something. */
export class Watcher {
  readonly name: string;
  readonly #stage: Stage;
  readonly #isGuest: boolean;
  #client: Client;
  /** By request. */
  readonly #watched = new Map<string, Watched>();
  readonly #said: string[] = [];
  readonly #refused = new Set<string>();
  /** Whether a session has ended, so that the outcome of a message may stay unknown. */
  #hasLostSession = false;
  /** What the program keeps for its next run. */
  #kept: Pick<Options, 'session' | 'outbox'> = {};

  private constructor(stage: Stage, name: string, isGuest: boolean, client: Client) {
    this.#stage = stage;
    this.name = name;
    this.#isGuest = isGuest;
    this.#client = client;
    this.#begin(client);
  }

  /** Logs in to the account of this name, or as a guest. */
  static async open(stage: Stage, name: string, isGuest: boolean): Promise<Watcher> {
    return new Watcher(stage, name, isGuest, await connected(stage, name, isGuest, {}));
  }

  get client(): Client {
    return this.#client;
  }

  get isOnline(): boolean {
    return this.#client.connection.value?.type === 'connected';
  }

  /** Does one random thing. */
  act(): void {
    const doings = [
      () => this.#watch(),
      () => this.#watch(),
      () => this.#forget(),
      () => this.#say(),
      () => this.#change(),
    ];
    this.#stage.random.pick(doings)();
  }

  /** The program is killed, and started again with what it has kept. The network must be without faults. */
  async restart(): Promise<void> {
    const { session, outbox = [] } = this.#kept;
    void this.#client.close({ keepSession: true });
    const kept = { ...(session && { session }), outbox };
    this.#client = await connected(this.#stage, this.name, this.#isGuest, JSON.parse(JSON.stringify(kept)));
    this.#begin(this.#client);
    const state = this.#client.connection.value;
    this.#hasLostSession ||= state?.type !== 'connected' || !state.resumed;
    this.#stage.tally.add(`restarted: ${state?.type}`);
    for (const [name, { request }] of this.#watched) this.#watched.set(name, { request, live: this.#live(request) });
  }

  /**
   * Where live values differ from whole answers of now; one that is refused is left out if `exceptRefused`. The network must be
   * without faults.
   */
  async differences(exceptRefused: boolean): Promise<string[]> {
    const watched = [...this.#watched.values()].filter(({ live }) => !exceptRefused || live.error === null);
    const asking = Promise.all(watched.map(({ request }) => this.#whole(request)));
    const answers = await untilSettled(this.#stage.story.clock, asking);
    return watched.flatMap(({ request, live }, index) => {
      const [whole, shown] = [answers[index] ?? null, live.value ?? null];
      if (sameJson(whole, shown)) return [];
      return [JSON.stringify({ person: this.name, request, shown, whole, error: live.error?.message })];
    });
  }

  /** Nothing that was said is lost or was posted twice. */
  checkMessages(): void {
    const outbox = [...this.#client.outbox];
    const unknown = outbox.filter(({ state }) => state === 'unknown');
    assert.ok(this.#hasLostSession || unknown.length === 0, `${this.name} gave up: ${JSON.stringify(unknown)}`);
    this.#stage.postings.check(this.#said, this.#refused, outbox, this.#stage.tally);
  }

  #begin(client: Client): void {
    const keep = () => {
      this.#kept = { session: client.session, outbox: [...client.outbox] };
    };
    keep();
    client.outbox.subscribe(keep);
    client.connection.subscribe(({ value }) => {
      if (value?.type !== 'connected') return this.#stage.tally.add(`connection: ${value?.type}`);
      keep();
      this.#hasLostSession ||= !value.resumed;
      this.#stage.tally.add(`connected: ${value.resumed ? 'resumed' : 'anew'}`);
    });
  }

  /** The whole content or page, as live values have it; null if the server refuses it. */
  async #whole({ cls, data: { key, ...options } }: Request): Promise<unknown> {
    try {
      return await (cls === 'get_content' ? this.#client.get(key) : this.#client.getPage(key, options));
    } catch (error) {
      if (error instanceof DocumentsError && error.code === 'refused') return null;
      throw error;
    }
  }

  #live({ cls, data: { key, ...options } }: Request): LiveValue<unknown> {
    return cls === 'get_content' ? this.#client.watch(key) : this.#client.watchPage(key, options);
  }

  #watch(): void {
    const { story, random, tally } = this.#stage;
    const key = random.pick(documentsOf(story, this.#client.keys.self.id, random));
    const lists = listsOf(story, key, random);
    const isList = lists.length > 0 && random.next() < 0.7;
    const page = random.next() < 0.8 ? 1 : 2;
    const request: Request = isList
      ? { cls: 'get_children', data: { ...random.pick(lists), page } }
      : { cls: 'get_content', data: { key } };
    const name = JSON.stringify(request);
    if (this.#watched.has(name) || this.#watched.size >= MOST) return;
    this.#watched.set(name, { request, live: this.#live(request) });
    tally.add(`${isList ? 'children' : 'content'} of ${key.type}`);
  }

  #forget(): void {
    if (this.#watched.size < MOST / 2) return;
    const name = this.#stage.random.pick([...this.#watched.keys()]);
    this.#watched.get(name)?.live.close();
    this.#watched.delete(name);
  }

  #say(): void {
    const id = this.#stage.random.pick([...this.#stage.story.rooms]);
    const text = `${this.name} says ${this.#said.length}`;
    this.#said.push(text);
    this.#client.send({ type: 'room', id }, text).catch(({ code }: DocumentsError) => {
      if (code === 'refused') this.#refused.add(text);
    });
  }

  #change(): void {
    const { random, story, tally } = this.#stage;
    const { self, fav } = this.#client.keys;
    const other = random.pick([...story.people]);
    const changed =
      random.next() < 0.5
        ? this.#client.patch(self, { status: `status ${random.below(5)}` })
        : this.#client.add(fav, { key: { type: 'user', id: other } });
    changed.then(
      () => tally.add('change: done'),
      ({ code }: DocumentsError) => tally.add(`change: ${code}`),
    );
  }
}

function connected(
  { story, network }: Stage,
  name: string,
  isGuest: boolean,
  kept: Pick<Options, 'session' | 'outbox'>,
): Promise<Client> {
  const password = isGuest ? {} : { password: PASSWORD };
  return untilSettled(story.clock, connect('ws://memory/', { name, ...password, ...kept, platform: network.platform }));
}
