import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { applyPatch, type Operation } from 'rfc6902';

export type Json = { readonly [field: string]: unknown };
export type Key = { readonly type: string; readonly id: unknown };
/** What a request is answered with. */
export type Answer = { readonly status: number; readonly data: Json };
type Copy = { readonly cls: string; readonly asked: Json; ver: unknown; value: unknown; total: number };

/** The largest page that there is. */
const PAGE = 200;
const TRIES = 100;

/** A client's copies of documents: asks for each with the version that it has, and applies what comes. */
export class Copies {
  readonly #ask: (cls: string, data: Json) => Promise<Answer>;
  readonly #copies = new Map<string, Copy>();

  constructor(ask: (cls: string, data: Json) => Promise<Answer>) {
    this.#ask = ask;
  }

  /** The content of a document; null if there is none. */
  async content<T>(key: Key): Promise<T | null> {
    const copy = await this.#fresh('get_content', { key });
    return copy === null ? null : (copy.value as T);
  }

  /** All children of a document; empty if there is no such document. The pages are of one version. */
  async children<T>(key: Key, view: string): Promise<readonly T[]> {
    for (;;) {
      const pages: Copy[] = [];
      let total = 1;
      while (pages.length * PAGE < total) {
        const page = await this.#fresh('get_children', { key, view, size: PAGE, page: pages.length + 1 });
        if (page === null) break;
        pages.push(page);
        total = page.total;
      }
      const [first] = pages;
      if (first === undefined) return [];
      const isWhole = pages.length * PAGE >= total;
      if (isWhole && pages.every(({ ver }) => `${ver}` === `${first.ver}`))
        return pages.flatMap(({ value }) => value as T[]);
    }
  }

  /** The newest messages of a room, in the order of their numbers, back to the one after `number` or to the first of a page. */
  async messages<T extends { readonly key: { readonly id: readonly [number, number] } }>(
    key: Key,
    number: number,
  ): Promise<readonly T[]> {
    const copy = await this.#fresh('get_children', { key, view: 'desc', size: PAGE, page: 1 });
    const messages = copy === null ? [] : [...(copy.value as T[])];
    for (let before = oldest(messages); before > number + 1; before = oldest(messages)) {
      const { status, data } = await this.#ask('get_children', { key, view: 'desc', size: PAGE, before });
      assert.equal(status, 200);
      if ((data.page as T[]).length === 0) break;
      messages.push(...(data.page as T[]));
    }
    return messages.toReversed();
  }

  /** Asks for each document without a version too: the copies must equal what comes. */
  async check(): Promise<void> {
    for (const copy of this.#copies.values()) await this.#check(copy);
  }

  /** A message on a page may be newer than the version says; then the next answer has it too, so a copy has some tries. */
  async #check({ cls, asked }: Copy): Promise<void> {
    for (let tries = 1; ; tries++) {
      const whole = this.#ask(cls, { ...asked, ver: null });
      const [fresh, { data }] = await Promise.all([this.#fresh(cls, asked), whole]);
      if (fresh === null) return;
      const isSame = `${fresh.ver}` === `${data.ver}`;
      if (isSame && isDeepStrictEqual(fresh.value, valueOf(data))) return;
      if (isSame && tries >= TRIES)
        assert.deepEqual(fresh.value, valueOf(data), `the copy of ${JSON.stringify(asked)}`);
    }
  }

  /** Null if there is no such document. */
  async #fresh(cls: string, asked: Json): Promise<Copy | null> {
    const name = JSON.stringify(asked);
    const copy = this.#copies.get(name) ?? { cls, asked, ver: null, value: null, total: 0 };
    const { status, data } = await this.#ask(cls, { ...asked, ver: copy.ver });
    if (status === 404) this.#copies.delete(name);
    else this.#copies.set(name, copy);
    if (status === 404) return null;
    if (status === 204) return copy;
    if (status === 200) copy.value = valueOf(data);
    else if (status !== 206) throw new Error(`${name} is answered with ${status}`);
    else applyAll(copy.value, data.patch as Operation[], name);
    copy.ver = data.ver;
    copy.total = data.total as number;
    return copy;
  }
}

function valueOf({ content, page }: Json): unknown {
  return content ?? page;
}

function oldest(messages: readonly { readonly key: { readonly id: readonly [number, number] } }[]): number {
  return messages.at(-1)?.key.id[1] ?? 0;
}

function applyAll(value: unknown, patch: Operation[], name: string): void {
  for (const error of applyPatch(value, patch))
    if (error !== null) throw new Error(`a patch of ${name}`, { cause: error });
}
