import type { Link, LinkReceiver } from '../../src/transports/link.ts';
import { Condition } from '../condition.ts';

/** The server's end of a connection in a test: listens to its link and writes down what it hears. */
export class RecordingReceiver implements LinkReceiver {
  readonly link: Link;
  readonly protocol: string;
  readonly messages: Uint8Array[] = [];
  /** Why what came could not be read. */
  readonly errors: string[] = [];
  signs = 0;
  drains = 0;
  closings = 0;
  /** What a peer is told that sends no more, before its link ends. */
  lastWords = '';
  readonly #waiting = new Condition();

  constructor(link: Link, protocol: string) {
    this.link = link;
    this.protocol = protocol;
  }

  get text(): string {
    return Buffer.concat(this.messages).toString('latin1');
  }

  data(bytes: Uint8Array): void {
    this.messages.push(bytes);
    this.#waiting.notify();
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
    this.#waiting.notify();
  }

  drained(): void {
    this.drains++;
    this.#waiting.notify();
  }

  closed(): void {
    this.closings++;
    this.#waiting.notify();
  }

  /** Waits until this is so; it is looked at whenever the link tells something. */
  until(isSo: () => boolean): Promise<void> {
    return this.#waiting.until(isSo);
  }
}
