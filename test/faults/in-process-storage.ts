import type { AppendItem, AppendResult, Storage } from '../../src/core/ports.ts';
import type { Reader } from '../../src/storage/sqlite/reader.ts';
import type { Searcher } from '../../src/storage/sqlite/search/searcher.ts';
import type { Writer } from '../../src/storage/sqlite/writer.ts';

/** The SQLite storage without its workers, so that a test can replace its database. */
export class InProcessStorage implements Storage {
  readonly identity = 'in process';
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #searcher: Searcher;

  constructor({ writer, reader, searcher }: { writer: Writer; reader: Reader; searcher: Searcher }) {
    this.#writer = writer;
    this.#reader = reader;
    this.#searcher = searcher;
  }

  async append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]> {
    const { known, results } = this.#writer.append(batch, 0);
    let isCommitted: boolean | null = known;
    for (let tries = 0; !known && tries < 10 && (isCommitted = this.#writer.resolveOutcome()) === null; tries++);
    if (isCommitted === null) throw new Error('the outcome stays unknown');
    return isCommitted ? results : batch.map(() => ({ type: 'unavailable', reason: 'the database failed' }));
  }
  changes = async () => [];
  positions = async (...args: Parameters<Storage['positions']>) => this.#reader.positions(...args);
  entries = async (...args: Parameters<Storage['entries']>) => this.#reader.entries(...args);
  load = async (...args: Parameters<Storage['load']>) => this.#reader.load(...args);
  page = async (...args: Parameters<Storage['page']>) => this.#reader.page(...args);
  message = async (...args: Parameters<Storage['message']>) => this.#reader.message(...args);
  credential = async (...args: Parameters<Storage['credential']>) => this.#reader.credential(...args);
  token = async (...args: Parameters<Storage['token']>) => this.#reader.token(...args);
  invitation = async (...args: Parameters<Storage['invitation']>) => this.#reader.invitation(...args);
  session = async (...args: Parameters<Storage['session']>) => this.#reader.session(...args);
  keptResult = async (...args: Parameters<Storage['keptResult']>) => this.#reader.keptResult(...args);
  deliveryMarkers = async (...args: Parameters<Storage['deliveryMarkers']>) => this.#reader.deliveryMarkers(...args);
  furthestReads = async (...args: Parameters<Storage['furthestReads']>) => this.#reader.furthestReads(...args);
  relatedTo = async (...args: Parameters<Storage['relatedTo']>) => this.#reader.relatedTo(...args);
  messagesBy = async (...args: Parameters<Storage['messagesBy']>) => this.#reader.messagesBy(...args);
  file = async (...args: Parameters<Storage['file']>) => this.#reader.file(...args);
  fileBytes = async (...args: Parameters<Storage['fileBytes']>) => this.#reader.fileBytes(...args);
  uploadsBefore = async (...args: Parameters<Storage['uploadsBefore']>) => this.#reader.uploadsBefore(...args);
  namedDigests = async (...args: Parameters<Storage['namedDigests']>) => this.#reader.namedDigests(...args);
  search = async (...args: Parameters<Storage['search']>) => this.#searcher.search(...args);
  close = async () => {
    this.#searcher.close();
    this.#writer.close(true);
  };
}
