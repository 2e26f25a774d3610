import { cpuMicroseconds, type Measured } from './process.ts';
import { Member } from './member.ts';

const TEXT = 'x'.repeat(60);
const BATCH = 50;

/** A room full of members, and how to make them talk. */
export class LoadedRoom {
  readonly #server: Measured;
  readonly #members: Member[];

  private constructor(server: Measured, members: Member[]) {
    this.#server = server;
    this.#members = members;
  }

  static async fill(server: Measured, count: number): Promise<LoadedRoom> {
    return new LoadedRoom(server, await joinMany(server.port, count, (index) => `m${index}`));
  }

  /** Keeps so many messages in flight for about so long; returns the server's CPU microseconds a delivery. */
  async talk(
    inFlight: number,
    milliseconds: number,
  ): Promise<{ microseconds: number; messages: number; perSecond: number }> {
    const senders = this.#members.slice(0, Math.min(inFlight, this.#members.length));
    const before = this.#members.map(({ messages }) => messages);
    const cpu = cpuMicroseconds(this.#server.pid);
    const begun = performance.now();
    let sent = 0;
    let pending = 0;
    const speak = (member: Member) => {
      sent += 1;
      pending += 1;
      member.send(`c2/MSG ${Date.now()}; ${TEXT}`);
    };
    await new Promise<void>((resolve) => {
      const watcher = senders[0];
      if (watcher === undefined) return resolve();
      watcher.onMessage = () => {
        pending -= 1;
        if (performance.now() - begun < milliseconds) speak(senders[sent % senders.length] ?? watcher);
        else if (pending === 0) resolve();
      };
      for (let index = 0; index < inFlight; index++) speak(senders[index % senders.length] ?? watcher);
    });
    if (senders[0] !== undefined) senders[0].onMessage = () => {};
    await this.#level(before, sent);
    const elapsed = performance.now() - begun;
    const used = cpuMicroseconds(this.#server.pid) - cpu;
    return { microseconds: used / (sent * this.#members.length), messages: sent, perSecond: (sent * 1000) / elapsed };
  }

  empty(): void {
    for (const member of this.#members) member.close();
  }

  /** Waits until every member has every message. */
  async #level(before: readonly number[], sent: number): Promise<void> {
    const behind = () => this.#members.some((member, index) => member.messages - (before[index] ?? 0) < sent);
    const deadline = performance.now() + 30_000;
    while (behind()) {
      if (performance.now() > deadline) throw new Error(`${this.#server.name}: members are missing messages`);
      await new Promise(setImmediate);
    }
  }
}

async function joinMany(port: number, count: number, name: (index: number) => string): Promise<Member[]> {
  const members: Member[] = [];
  for (let index = 0; index < count; index += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, count - index) }, (_, offset) =>
      Member.join(port, name(index + offset)),
    );
    members.push(...(await Promise.all(some)));
  }
  return members;
}
