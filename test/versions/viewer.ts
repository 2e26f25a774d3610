import assert from 'node:assert/strict';
import type { Key } from '../../src/protocols/documents/schema.ts';
import type { Answer, DocumentsClient } from '../../testing/documents.ts';
import type { SeededRandom } from '../../testing/random.ts';
import { partOf, readAnew, type Request } from './anew.ts';
import { compare, type Copy, copyOf } from './copy.ts';
import { documentsOf, kindOf, type List, listsOf } from './documents.ts';
import type { Story } from './story.ts';
import type { Tally } from './tally.ts';

/** So many requests go out at once: fewer than a connection may have unanswered. */
const AT_ONCE = 60;

/** Somebody who keeps every version of what they asked for, and compares all of them with what is answered later. */
export class Viewer {
  readonly #story: Story;
  readonly #random: SeededRandom;
  readonly #tally: Tally;
  /** By request. */
  readonly #copies = new Map<string, Copy[]>();
  /** By key: the lists that this viewer asks for. */
  readonly #lists = new Map<string, List[]>();
  #ids = 0;

  constructor(story: Story, random: SeededRandom, tally: Tally) {
    this.#story = story;
    this.#random = random;
    this.#tally = tally;
  }

  /** Asks for all documents and pages, with each version of them that is kept; `run` grows when the server begins anew. */
  async look(client: DocumentsClient, run: number): Promise<void> {
    const keys = documentsOf(this.#story, client.id, this.#random);
    const pages = await this.#pages(client, keys);
    const contents = keys.map((key): Request => ({ cls: 'get_content', data: { key } }));
    const now = [...contents, ...pages].map((request) => JSON.stringify(request));
    const names = new Set([...now, ...this.#copies.keys()]);
    const asked = [...names].map((name) => ({
      name,
      copies: this.#copies.get(name) ?? [],
      ...(JSON.parse(name) as Request),
    }));
    const requests = asked.flatMap(({ copies, cls, data }) =>
      [null, ...copies].map((copy) => ({ cls, data: { ...data, ver: copy && [copy.identity, copy.number] } })),
    );
    const answers = await this.#ask(client, requests);
    const anew = await readAnew(this.#story.app, client.id, asked);
    let at = 0;
    for (const [index, { name, copies, cls, data }] of asked.entries()) {
      const fresh = answers[at++] ?? assert.fail();
      assert.deepEqual(partOf(fresh), anew[index], `${name}: as by views that missed no change`);
      const part = `${cls === 'get_content' ? 'content of' : 'children of'} ${data.key.type}`;
      for (const copy of copies) this.#compare(name, part, copy, answers[at++] ?? assert.fail(), fresh, run);
      if (fresh.status !== 200) this.#tally.add(`${part}: refused`);
      else this.#keep(name, part, copyOf(fresh, run));
    }
  }

  #compare(name: string, part: string, copy: Copy, answer: Answer, fresh: Answer, run: number): void {
    try {
      const outcome = compare(copy, answer, fresh, run);
      this.#tally.add(`${part}: ${outcome}`);
      this.#tally.add(`pairs: ${outcome}`);
      if (copy.run !== run) this.#tally.add(`after a restart, ${part}: ${outcome}`);
    } catch (error) {
      const detail = JSON.stringify({ old: copy, answer, fresh });
      throw new Error(`${name} since ${copy.identity} ${copy.number}: ${detail}`, { cause: error });
    }
  }

  /** Versions that are equal are kept once. */
  #keep(name: string, part: string, copy: Copy): void {
    const copies = this.#copies.get(name) ?? [];
    if (copies.some(({ identity, number }) => identity === copy.identity && number === copy.number)) return;
    this.#copies.set(name, [...copies, copy]);
    this.#tally.add(`${part}: versions`);
  }

  /** A request for each page that these documents have now. */
  async #pages(client: DocumentsClient, keys: readonly Key[]): Promise<Request[]> {
    const lists = keys.flatMap((key) => this.#listsOf(key));
    const answers = await this.#ask(
      client,
      lists.map((list) => ({ cls: 'get_children', data: { ...list } })),
    );
    return lists.flatMap((list, index) => {
      const total = (answers[index]?.data?.total ?? 0) as number;
      this.#tally.add(kindOf({ ...list, type: list.key.type }));
      if (list.before !== undefined) this.#tally.add('before a number');
      const count = Math.max(1, Math.ceil(total / list.size));
      return Array.from(
        { length: count },
        (_, page): Request => ({ cls: 'get_children', data: { ...list, page: page + 1 } }),
      );
    });
  }

  #listsOf(key: Key): List[] {
    const name = JSON.stringify(key);
    const lists = this.#lists.get(name) ?? listsOf(this.#story, key, this.#random);
    this.#lists.set(name, lists);
    return lists;
  }

  /** The answers to these requests, in their order. */
  async #ask(client: DocumentsClient, requests: readonly Request[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let from = 0; from < requests.length; from += AT_ONCE) {
      const part = requests.slice(from, from + AT_ONCE);
      const messages = part.map((request) => ({ type: 'request', id: `ask ${++this.#ids}`, ...request }));
      const ids = new Set<unknown>(messages.map(({ id }) => id));
      const received = (await client.send(...messages)).filter(({ id }) => ids.has(id));
      assert.equal(received.length, part.length, 'one answer for each request');
      answers.push(...received);
    }
    return answers;
  }
}
