import { type BlobKind, type Blobs, COMPARED, type NewBlob } from '../../blobs.ts';
import { type Asker, ask, removeBlob } from './asker.ts';
import { PIECE_BYTES, PostgresNewBlob } from './new-blob.ts';

/**
 * Bytes of one kind in the database. A transaction writes one piece at most, and what is read takes a connection for one piece. All times
 * are by the clock of the database.
 */
export class PostgresBlobs implements Blobs {
  readonly #kind: BlobKind;
  readonly #asker: Asker;

  constructor(kind: BlobKind, asker: Asker) {
    this.#kind = kind;
    this.#asker = asker;
  }

  async begin(): Promise<NewBlob> {
    const [row] = await ask<{ key: number }>(this.#asker, 'begin', this.#kind);
    if (row === undefined) throw new Error('PostgreSQL has answered without a key');
    return new PostgresNewBlob(this.#asker, this.#kind, row.key);
  }

  async size(digest: string): Promise<number | null> {
    const [row] = await ask<{ size: number }>(this.#asker, 'size', this.#kind, digest);
    return row?.size ?? null;
  }

  async *read(digest: string, first: number, last: number): AsyncGenerator<Buffer> {
    for (let position = first; position <= last; ) {
      const [number, start] = [Math.floor(position / PIECE_BYTES), position % PIECE_BYTES];
      const count = Math.min(PIECE_BYTES - start, last + 1 - position);
      const asked = [this.#kind, digest, number, start + 1, count] as const;
      const [row] = await ask<{ bytes: Buffer }>(this.#asker, 'read', ...asked); // STORE-242
      if (row?.bytes.length !== count) throw new Error('bytes are missing in the database');
      yield row.bytes;
      position += count;
    }
  }

  async hold(start: string): Promise<string | null> {
    const [row] = await ask<{ digest: string }>(this.#asker, 'hold', this.#kind, start);
    return row?.digest ?? null;
  }

  async sweep(named: (digests: readonly string[]) => Promise<readonly string[]>): Promise<void> {
    for (let last: string | undefined = ''; last !== undefined; ) {
      const rows: { digest: string; now: string }[] = await ask(this.#asker, 'stored', this.#kind, last, COMPARED);
      const digests = rows.map(({ digest }) => digest);
      const [first] = rows;
      if (first !== undefined) await this.#compare(digests, first.now, new Set(await named(digests)));
      last = rows.length < COMPARED ? undefined : digests.at(-1);
    }
    await this.#removeAbandoned();
  }

  async freeBytes(): Promise<number> {
    return Infinity;
  }

  /** What was kept or held since an hour before the names were read, on any node, is left alone. */
  async #compare(digests: readonly string[], before: string, named: ReadonlySet<string>): Promise<void> {
    const unnamed = digests.filter((digest) => !named.has(digest));
    await ask(this.#asker, 'setNamed', this.#kind, [...named]);
    await ask(this.#asker, 'abandon', this.#kind, unnamed, before); // STORE-245
    await ask(this.#asker, 'setUnnamed', this.#kind, unnamed);
  }

  /** Also what was begun by nodes that are gone, and what a sweep has not finished. */
  async #removeAbandoned(): Promise<void> {
    for (let isMore = true; isMore; ) {
      const rows = await ask<{ key: number }>(this.#asker, 'over', COMPARED);
      for (const { key } of rows) await removeBlob(this.#asker, key, 'closeOver'); // STORE-243
      isMore = rows.length === COMPARED;
    }
  }
}
