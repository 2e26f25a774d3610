import type { Entry, ReadPosition } from '../../core/model/entries.ts';
import type { FileInfo, Upload } from '../../core/model/file.ts';
import type { MessageId, PersonId, RoomId, StreamId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type {
  AppendItem,
  AppendResult,
  AuthoredMessages,
  Clock,
  KeptResult,
  Found,
  Log,
  MessagePage,
  Search,
  Snapshot,
} from '../../core/ports.ts';
import type { Credential, RoomMarkers } from '../../core/model/rows.ts';
import type { Invitation } from '../../core/model/invitation.ts';
import type { StoredSession } from '../../core/model/session.ts';
import type { Token } from '../../core/model/token.ts';
import { cautiousTime } from '../../lib/cautious-time.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { ServerStorage } from '../server-storage.ts';
import { StorageUnavailable, unavailable } from '../unavailable.ts';
import type { Channel } from './channel.ts';
import type { SearchClient } from './search/search-client.ts';
import type { ReaderMethods, WriterMethods } from './worker.ts';
import type { Opened } from './writer.ts';

/**
 * The result of the check: `clean`, none was needed; `checked`, the file is sound; `closed`, the store closed before the
 * check ended; `unchecked`, the file could not be checked.
 */
export type Checked = 'clean' | 'checked' | 'closed' | 'unchecked';

/** A store in one directory of this machine. It has failed when one of its workers has died. */
export interface SqliteStorage extends ServerStorage {
  /** Settles when the check that follows an unclean stop has ended; rejects when the file is damaged. */
  readonly checked: Promise<Checked>;
}

/** The parts of an open store. */
export type Parts = {
  readonly writer: Channel<WriterMethods>;
  readonly reader: Channel<ReaderMethods>;
  readonly searches: Pick<SearchClient, 'appended' | 'search' | 'close'>;
  readonly opened: Opened;
  readonly checker: { readonly checked: Promise<Checked>; close(): Promise<void> };
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  readonly log: Log;
  /** Unlocks the data directory. */
  readonly release: () => void;
};

const CLOSED = 'the store is closed';
/** The writer tidies up when nothing has been written for this long. */
const QUIET_MS = 200;
/** The first and the longest pause between attempts to learn the outcome of a batch. */
const FIRST_RETRY_MS = 10;
const LAST_RETRY_MS = 1_000;

/** The store as the world sees it: passes each call to one of two workers. */
export class WorkerStorage implements SqliteStorage {
  readonly serverId: number;
  readonly identity: string;
  readonly checked: Promise<Checked>;
  readonly failed: Promise<Error>;
  readonly #parts: Parts;
  readonly #cautiousTime: () => number;
  #sound: boolean;
  #running = 0;
  #cancelTidy: () => void = () => {};
  #dead: Error | null = null;
  #closed: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cautiousTime = cautiousTime(parts.clock);
    this.serverId = parts.opened.serverId;
    this.identity = parts.opened.identity;
    this.checked = parts.checker.checked;
    this.#sound = parts.opened.clean;
    this.checked.then(
      (outcome) => {
        if (outcome === 'checked') this.#sound = true; // STORE-39
      },
      () => {}, // The owner of the store handles `checked` itself.
    );
    this.failed = new Promise((resolve) => {
      for (const channel of [parts.writer, parts.reader]) {
        void channel.ended.then((error) => {
          if (this.#closed !== null) return;
          this.#dead ??= error;
          resolve(error);
        });
      }
    });
    this.#scheduleTidy();
  }

  async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    if (this.#closed !== null) return unavailable(batch, CLOSED); // STORE-19
    if (this.#dead !== null) return unavailable(batch, this.#dead.message); // STORE-44
    this.#running++;
    this.#cancelTidy();
    try {
      const { known, results } = await this.#parts.writer.ask('append', batch, this.#parts.clock.now());
      return known || (await this.#wasCommitted()) ? results : unavailable(batch, 'the database failed');
    } catch (error) {
      // A writer that lives has not written a batch that it does not answer.
      if (!this.#parts.writer.hasEnded) return unavailable(batch, reasonOf(error)); // STORE-63
      return new Promise(() => {}); // STORE-44: it is unknown whether the batch was written
    } finally {
      this.#running--;
      this.#scheduleTidy();
      this.#parts.searches.appended(); // STORE-130
    }
  }

  async obstacle(): Promise<string | null> {
    if (this.#closed !== null) return CLOSED;
    return this.#parts.writer.ask('obstacle').catch(reasonOf);
  }

  /** No other node can write into the directory, which is locked. */
  changes(): Promise<readonly []> {
    return this.#read(() => Promise.resolve([]));
  }

  positions(streams: readonly StreamId[]): Promise<readonly number[]> {
    return this.#read((reader) => reader.ask('positions', streams));
  }

  entries(stream: StreamId, after: number, limit: number): Promise<readonly Entry[]> {
    return this.#read((reader) => reader.ask('entries', stream, after, limit));
  }

  load(stream: StreamId): Promise<Snapshot> {
    return this.#read((reader) => reader.ask('load', stream));
  }

  page(room: RoomId, before: number | null, limit: number): Promise<MessagePage> {
    return this.#read((reader) => reader.ask('page', room, before, limit));
  }

  message(id: MessageId): Promise<Message | null> {
    return this.#read((reader) => reader.ask('message', id));
  }

  credential(person: PersonId): Promise<Credential | null> {
    return this.#read((reader) => reader.ask('credential', person));
  }

  token(digest: string): Promise<Token | null> {
    return this.#read((reader) => reader.ask('token', digest));
  }

  invitation(digest: string): Promise<Invitation | null> {
    return this.#read((reader) => reader.ask('invitation', digest));
  }

  session(digest: string): Promise<StoredSession | null> {
    return this.#read((reader) => reader.ask('session', digest));
  }

  keptResult(scope: string, key: string): Promise<KeptResult | null> {
    return this.#read((reader) => reader.ask('keptResult', scope, key));
  }

  deliveryMarkers(person: PersonId): Promise<RoomMarkers> {
    return this.#read((reader) => reader.ask('deliveryMarkers', person));
  }

  furthestReads(room: RoomId): Promise<readonly ReadPosition[]> {
    return this.#read((reader) => reader.ask('furthestReads', room));
  }

  relatedTo(person: PersonId): Promise<readonly PersonId[]> {
    return this.#read((reader) => reader.ask('relatedTo', person));
  }

  messagesBy(person: PersonId, after: number, limit: number): Promise<AuthoredMessages> {
    return this.#read((reader) => reader.ask('messagesBy', person, after, limit));
  }

  file(id: string): Promise<FileInfo | null> {
    return this.#read((reader) => reader.ask('file', id));
  }

  fileBytes(person: PersonId): Promise<number> {
    return this.#read((reader) => reader.ask('fileBytes', person));
  }

  uploadsBefore(at: number, limit: number): Promise<readonly Upload[]> {
    return this.#read((reader) => reader.ask('uploadsBefore', at, limit));
  }

  namedDigests(digests: readonly string[]): Promise<readonly string[]> {
    return this.#read((reader) => reader.ask('namedDigests', digests));
  }

  search(search: Search): Promise<Found | null> {
    return this.#read(() => this.#parts.searches.search(search));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #read<T>(question: (reader: Channel<ReaderMethods>) => Promise<T>): Promise<T> {
    if (this.#closed !== null) return Promise.reject(new StorageUnavailable(CLOSED)); // STORE-19
    if (this.#dead !== null) return Promise.reject(new StorageUnavailable(this.#dead.message)); // STORE-44
    return question(this.#parts.reader);
  }

  /** Asks the writer until it can say whether the batch whose COMMIT failed was written (STORE-34). */
  async #wasCommitted(): Promise<boolean> {
    const { writer, clock, log } = this.#parts;
    for (let pause = FIRST_RETRY_MS; ; pause = Math.min(2 * pause, LAST_RETRY_MS)) {
      const isCommitted = await writer.ask('resolveOutcome');
      if (isCommitted !== null) return isCommitted; // STORE-34
      log.error('storage-outcome-unknown', { retryMs: pause });
      await new Promise<void>((resolve) => clock.after(pause, resolve));
    }
  }

  /** Starts the wait for a quiet moment, in which to tidy up. */
  #scheduleTidy(): void {
    this.#cancelTidy();
    if (this.#running > 0 || this.#closed !== null) return; // STORE-40
    this.#cancelTidy = this.#parts.clock.after(QUIET_MS, () => void this.#tidy());
  }

  async #tidy(): Promise<void> {
    try {
      if (await this.#parts.writer.ask('tidy', this.#cautiousTime())) this.#scheduleTidy(); // STORE-42
    } catch (error) {
      this.#parts.log.warn('storage-tidy-failed', { reason: reasonOf(error) });
    }
  }

  async #close(): Promise<void> {
    const { writer, reader, searches, checker, release } = this.#parts;
    this.#cancelTidy();
    await Promise.all([checker.close(), searches.close()]);
    // Only the last connection removes the log, and only if it can write; the log at that path may be another one by now.
    const isInPlace = (await writer.ask('obstacle').catch(reasonOf)) === null;
    // Dead workers have nothing to close.
    if (isInPlace) await reader.ask('close').catch(() => {});
    await writer.ask('close', this.#sound && isInPlace).catch(() => {}); // STORE-64 STORE-67
    await reader.ask('close').catch(() => {});
    await Promise.all([reader.close(), writer.close()]);
    release();
  }
}
