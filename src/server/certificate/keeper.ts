import type { Clock, Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { err, type Result } from '../../lib/result.ts';
import { fileStates, fileStatesNow } from './file-states.ts';
import { type CertificatePair, type LoadedCertificate, readPair } from './pair.ts';

const DAY_MS = 86_400_000;
/** Certificates that end sooner are warned about. */
const WARN_DAYS = 14;
/** How often the files are looked at; a change is loaded when it has lasted for one look. */
const LOOK_MS = 1_000;

type KeeperOptions = LoadedCertificate & {
  /** Makes new connections use this pair; throws if it cannot be used. */
  readonly use: (pair: CertificatePair) => void;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
};

/** Loads a certificate again when its files change or the operator asks for it, and warns before it ends. */
export class CertificateKeeper {
  readonly #options: KeeperOptions;
  #pair: CertificatePair;
  #seen: string | null = null;
  /** The state of the files before they were read. */
  #read: string;
  #refused = false;
  #closed = false;
  #cancelLook = () => {};
  #cancelDay = () => {};

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#pair = options.pair;
    this.#read = options.states;
    this.#announce();
    this.#warn();
    this.#waitForDay();
    void this.#look();
  }

  /** Loads the files; if they are unfit the log says why, and the pair in use stays. */
  reload(): void {
    const { files, use, log } = this.#options;
    this.#read = fileStatesNow(files);
    const pair = this.#usable(readPair(files), use);
    this.#refused = !pair.ok;
    if (pair.ok) {
      this.#pair = pair.value;
      this.#announce();
      this.#warn();
    } else {
      const keeps = `the certificate in use stays; it ends ${dateOf(this.#pair)}`;
      log.warn('certificate-refused', { reason: pair.error, keeps }); // SERVER-123
    }
  }

  close(): void {
    this.#closed = true;
    this.#cancelLook();
    this.#cancelDay();
  }

  #usable(
    pair: Result<CertificatePair, string>,
    use: (pair: CertificatePair) => void,
  ): Result<CertificatePair, string> {
    if (!pair.ok) return pair;
    const { files, clock } = this.#options;
    const now = clock.now();
    if (pair.value.validTo <= now) return err(`${files.cert} has expired ${dateOf(pair.value)}`); // SERVER-123
    const from = pair.value.validFrom;
    if (from > now) return err(`${files.cert} is not valid before ${new Date(from).toISOString()}`); // SERVER-123
    try {
      use(pair.value);
      return pair;
    } catch (error) {
      return err(reasonOf(error));
    }
  }

  #announce(): void {
    const { names, sha256 } = this.#pair;
    this.#options.log.info('certificate', { names, ends: dateOf(this.#pair), sha256 }); // SERVER-121
  }

  #warn(): void {
    const { clock, log, files } = this.#options;
    const days = Math.floor((this.#pair.validTo - clock.now()) / DAY_MS);
    if (days >= WARN_DAYS) return;
    const event = days < 0 ? 'certificate-expired' : 'certificate-ends-soon';
    const todo = `renew ${files.cert} and ${files.key}; the server loads them by itself`;
    log.warn(event, { ends: dateOf(this.#pair), days, todo }); // SERVER-124
  }

  #waitForDay(): void {
    this.#cancelDay = this.#options.clock.after(DAY_MS, () => {
      if (this.#refused) this.reload();
      this.#warn(); // SERVER-124
      this.#waitForDay();
    });
  }

  async #look(): Promise<void> {
    const now = await fileStates(this.#options.files);
    if (this.#closed) return;
    const settled = now === this.#seen;
    this.#seen = now;
    if (settled && now !== this.#read) this.reload(); // SERVER-122
    this.#cancelLook = this.#options.clock.after(LOOK_MS, () => void this.#look());
  }
}

function dateOf({ validTo }: CertificatePair): string {
  return new Date(validTo).toISOString();
}
