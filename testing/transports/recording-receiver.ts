import type { Link, LinkReceiver } from '../../src/transports/link.ts';
import { Condition } from '../condition.ts';

/** The server's end of a connection: receives the events of its link and records them. */
export class RecordingReceiver implements LinkReceiver {
  readonly link: Link;
  readonly protocol: string;
  readonly messages: Uint8Array[] = [];
  /** The reasons of `unreadable`. */
  readonly errors: string[] = [];
  signs = 0;
  /** The probes that were proved, in order. */
  readonly proofs: number[] = [];
  drains = 0;
  closings = 0;
  /** Sent after a half-close of the peer, before the end. */
  lastWords = '';
  readonly #changed = new Condition();

  constructor(link: Link, protocol: string) {
    this.link = link;
    this.protocol = protocol;
  }

  get text(): string {
    return Buffer.concat(this.messages).toString('latin1');
  }

  data(bytes: Uint8Array): void {
    this.messages.push(bytes);
    this.#changed.notify();
  }

  unreadable(reason: string): void {
    this.errors.push(reason);
    this.link.end('too-big', reason);
  }

  halfClosed(): void {
    this.link.write(Buffer.from(this.lastWords));
    this.link.end('done', '');
  }

  alive(): void {
    this.signs++;
    this.#changed.notify();
  }

  proved(probe: number): void {
    this.proofs.push(probe);
    this.#changed.notify();
  }

  drained(): void {
    this.drains++;
    this.#changed.notify();
  }

  closed(): void {
    this.closings++;
    this.#changed.notify();
  }

  /** Resolves once this is true; it is checked after every event. */
  until(isSo: () => boolean): Promise<void> {
    return this.#changed.until(isSo);
  }
}
