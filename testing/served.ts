import type { Link, LinkReceiver } from '../src/transports/link.ts';
import { Waiting } from './waiting.ts';

/** The server's end of a connection in a test: listens to its link and writes down what it hears. */
export class Served implements LinkReceiver {
  readonly link: Link;
  readonly protocol: string;
  readonly messages: Uint8Array[] = [];
  /** Why what came could not be read. */
  readonly flaws: string[] = [];
  signs = 0;
  drains = 0;
  closings = 0;
  /** What a peer is told that sends no more, before its link ends. */
  lastWords = '';
  readonly #waiting = new Waiting();

  constructor(link: Link, protocol: string) {
    this.link = link;
    this.protocol = protocol;
  }

  get text(): string {
    return Buffer.concat(this.messages).toString('latin1');
  }

  data(bytes: Uint8Array): void {
    this.messages.push(bytes);
    this.#waiting.happened();
  }

  unreadable(reason: string): void {
    this.flaws.push(reason);
    this.link.end('too-big', reason);
  }

  finished(): void {
    this.link.write(Buffer.from(this.lastWords));
    this.link.end('done', '');
  }

  alive(): void {
    this.signs++;
    this.#waiting.happened();
  }

  drained(): void {
    this.drains++;
    this.#waiting.happened();
  }

  closed(): void {
    this.closings++;
    this.#waiting.happened();
  }

  /** Waits until this is so; it is looked at whenever the link tells something. */
  until(isSo: () => boolean): Promise<void> {
    return this.#waiting.until(isSo);
  }
}
