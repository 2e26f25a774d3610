import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Key } from '../../src/protocols/documents/schema.ts';
import { type Answer, DocumentsClient, type Json } from '../../testing/documents.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { Request } from '../versions/anew.ts';
import { type Copy, copyOf, patched } from '../versions/copy.ts';
import { documentsOf, listsOf } from '../versions/documents.ts';
import { PASSWORD } from '../versions/speakers/speaker.ts';
import type { Story } from '../versions/story.ts';
import type { Tally } from '../versions/tally.ts';

/** So many requests go out at once: fewer than a connection may have unanswered. */
const AT_ONCE = 60;
/** How many turns of the clock the changes of a chapter may take until all are told. */
const TURNS = 50;
/** Changes are gathered for this time, and followed lists are looked at in it. */
const GATHER_MS = 200;

/** One part of a document that is followed: the copy, null while it is refused. */
type Followed = { readonly request: Request; copy: Copy | null };

/**
 * Somebody who subscribes to documents, asks only for what the server says has changed, and loses the connection at random. The
 * copies must be what a new client is answered.
 */
export class Follower {
  readonly #story: Story;
  readonly #random: SeededRandom;
  readonly #tally: Tally;
  #name: string;
  #client: DocumentsClient;
  #isLost = false;
  /** By key, then by request. */
  readonly #followed = new Map<string, Map<string, Followed>>();
  /** Blocks of changes that came and are not confirmed yet. */
  #blocks: Answer[] = [];
  #ids = 0;

  private constructor(story: Story, random: SeededRandom, tally: Tally, name: string, client: DocumentsClient) {
    this.#story = story;
    this.#random = random;
    this.#tally = tally;
    this.#name = name;
    this.#client = client;
  }

  /** Somebody of this name logs in; a new account, unless there is one. */
  static async open(story: Story, random: SeededRandom, tally: Tally, name: string): Promise<Follower> {
    const client = new DocumentsClient(story.app);
    await client.ask('register', { username: name, password: PASSWORD });
    await client.login({ username: name, password: PASSWORD });
    return new Follower(story, random, tally, name, client);
  }

  /** Between two steps of the story the connection may be lost, or come back. */
  async step(): Promise<void> {
    this.#isLost ||= this.#client.endedAs !== null; // A new password, a kick or a ban ended the connection.
    if (this.#isLost) {
      if (this.#random.next() < 0.3) await this.comeBack();
      return;
    }
    const roll = this.#random.next();
    if (roll < 0.1) return this.#lose();
    if (roll < 0.4) await this.#hear(roll < 0.2);
  }

  /** The server has begun anew: the connection is gone. */
  restarted(): void {
    this.#isLost = true;
  }

  /** Goes on with the session, or logs in anew where that has ended. */
  async comeBack(): Promise<void> {
    if (!this.#isLost) return;
    this.#isLost = false;
    const lost = this.#client;
    const client = new DocumentsClient(this.#story.app);
    const { status } = await client.ask('reconnect', { session: lost.session.session });
    this.#tally.add(`follower: reconnect ${status}`);
    this.#client = client;
    if (status === 200) {
      client.session = lost.session;
      return;
    }
    assert.equal(status, 401);
    for (;;) {
      await client.ask('register', { username: this.#name, password: PASSWORD });
      const answer = await client.ask('login', { username: this.#name, password: PASSWORD });
      client.session = answer.data ?? {};
      if (answer.status === 200) break;
      this.#name += 'x'; // The account was deleted, banned, or has another password.
    }
    if (client.id !== lost.id) this.#followed.clear();
    const all = [...this.#followed.values()].flatMap((parts) => [...parts.values()]);
    await this.#refresh(all, 'after a new login');
  }

  /** Follows some more documents, hears of all changes, and compares all copies with what a new client is answered. */
  async look(): Promise<void> {
    this.#isLost ||= this.#client.endedAs !== null;
    await this.comeBack();
    await this.#followMore();
    const fresh = new DocumentsClient(this.#story.app);
    await fresh.login({ username: this.#name, password: PASSWORD });
    await this.#hearAll();
    const unequal = await this.#compare(fresh);
    // While time passes for the changes to be told, somebody's grace may end, which is told next.
    if (unequal.length > 0) await this.#hearAll();
    if (unequal.length > 0) assert.deepEqual(await this.#compare(fresh), []);
    await fresh.ask('logout');
    await fresh.drop();
  }

  async #hearAll(): Promise<void> {
    for (let turns = 0; turns < TURNS && (await this.#hear(false)); turns++);
  }

  /** The copies that are not what a new client is answered, with that answer. */
  async #compare(fresh: DocumentsClient): Promise<unknown[]> {
    const unequal: unknown[] = [];
    for (const parts of this.#followed.values()) {
      const all = [...parts.values()].filter(({ copy }) => copy !== null);
      const answers = await this.#ask(
        fresh,
        all.map(({ request }) => request),
      );
      for (const [index, { request, copy }] of all.entries()) {
        const { status, data = {} } = answers[index] ?? assert.fail();
        if (status !== 200 || !isDeepStrictEqual(stateOf(copy?.data ?? {}), stateOf(data)))
          unequal.push({ request, status, answered: data, kept: copy?.data });
        this.#tally.add(`follower: ${request.cls} of ${request.data.key.type} equal`);
      }
    }
    return unequal;
  }

  /** Asks for documents that are not followed yet, or were refused before. */
  async #followMore(): Promise<void> {
    const keys = documentsOf(this.#story, this.#client.id, this.#random);
    const wanted: Followed[] = [];
    for (const key of keys) {
      const parts = this.#followed.get(JSON.stringify(key)) ?? new Map<string, Followed>();
      this.#followed.set(JSON.stringify(key), parts);
      if (parts.size === 0)
        for (const request of requestsFor(this.#story, key, this.#random))
          parts.set(JSON.stringify(request), { request, copy: null });
      wanted.push(...[...parts.values()].filter(({ copy }) => copy === null));
    }
    await this.#refresh(wanted, 'at first');
  }

  /** Loses the connection, sometimes with changes on their way, or with requests whose answers are never read. */
  async #lose(): Promise<void> {
    this.#isLost = true;
    const followed = this.#random.pick([...this.#followed.values(), new Map<string, Followed>()]);
    const lost = [...followed.values()].map(({ request }) => ({
      type: 'request',
      id: `lost ${++this.#ids}`,
      cls: request.cls,
      data: { ...request.data, subscribe: true },
    }));
    if (lost.length > 0) await this.#client.send(...lost);
    await this.#client.drop();
    this.#blocks = [];
    this.#tally.add('follower: lost');
  }

  /** Hears of changes and asks for what changed; false if there was nothing. With `isCut` the connection is lost in between. */
  async #hear(isCut: boolean): Promise<boolean> {
    this.#story.advance(GATHER_MS);
    await this.#send();
    const blocks = this.#blocks.splice(0);
    if (isCut && blocks.length > 0) {
      await this.#lose();
      return true;
    }
    for (const { id, data } of blocks) {
      await this.#send({ type: 'result', id, cls: 'changed', status: 200 });
      const named = (data as unknown as { key: Key; content: boolean; children: boolean }[]).flatMap(
        ({ key, content, children }) =>
          [...(this.#followed.get(JSON.stringify(key))?.values() ?? [])].filter(({ request }) =>
            request.cls === 'get_content' ? content : children,
          ),
      );
      await this.#refresh(named, 'told');
    }
    return blocks.length > 0;
  }

  /** Asks again, with the version of each copy. */
  async #refresh(all: readonly Followed[], why: string): Promise<void> {
    const answers = await this.#ask(
      this.#client,
      all.map(({ request, copy }) => ({
        cls: request.cls,
        data: { ...request.data, ver: copy && [copy.identity, copy.number], subscribe: true },
      })),
    );
    for (const [index, followed] of all.entries()) {
      const answer = answers[index] ?? assert.fail();
      this.#tally.add(`follower: ${why} ${answer.status}`);
      if (answer.status === 200) followed.copy = copyOf(answer, 0);
      else if (answer.status === 206 && followed.copy !== null)
        followed.copy = copyOf({ ...answer, data: patched(followed.copy.data, answer.data ?? {}) }, 0);
      else if (answer.status !== 204) followed.copy = null;
    }
  }

  async #ask(
    client: DocumentsClient,
    requests: readonly { readonly cls: string; readonly data: Json }[],
  ): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let from = 0; from < requests.length; from += AT_ONCE) {
      const part = requests.slice(from, from + AT_ONCE);
      const messages = part.map(({ cls, data }) => ({ type: 'request', id: `ask ${++this.#ids}`, cls, data }));
      const received = client === this.#client ? await this.#send(...messages) : await client.send(...messages);
      assert.equal(received.length, part.length, 'one answer for each request');
      answers.push(...received);
    }
    return answers;
  }

  /** Sends messages, and returns the answers; blocks of changes that came with them are kept. */
  async #send(...messages: readonly Json[]): Promise<Answer[]> {
    const received = await this.#client.send(...messages);
    this.#blocks.push(...received.filter(isBlock));
    return received.filter((message) => !isBlock(message));
  }
}

function isBlock({ type, cls }: Answer): boolean {
  return type === 'request' && cls === 'changed';
}

/** The content of a document and the first two pages of some of its lists. */
function requestsFor(story: Story, key: Key, random: SeededRandom): Request[] {
  const pages = listsOf(story, key, random).flatMap((list) =>
    [1, 2].map((page): Request => ({ cls: 'get_children', data: { ...list, page } })),
  );
  return [{ cls: 'get_content', data: { key } }, ...pages];
}

function stateOf({ content, page, total }: Json): Json {
  return content === undefined ? { page, total } : { content };
}
