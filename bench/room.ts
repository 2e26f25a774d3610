import { cpuMicroseconds, type Server } from './process.ts';
import { Member } from './member.ts';

const TEXT = 'x'.repeat(60);
const BATCH = 50;

/** A room with many members, some of whom send messages. */
export class LoadedRoom {
  readonly #server: Server;
  readonly #members: Member[];

  private constructor(server: Server, members: Member[]) {
    this.#server = server;
    this.#members = members;
  }

  static async fill(server: Server, count: number): Promise<LoadedRoom> {
    return new LoadedRoom(server, await joinMany(server.port, count, (index) => `m${index}`));
  }

  /** Keeps `inFlight` messages in flight for about `milliseconds`; returns the server's CPU microseconds per delivery. */
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
    const send = (member: Member) => {
      sent += 1;
      pending += 1;
      member.send(`c2/MSG ${Date.now()}; ${TEXT}`);
    };
    await new Promise<void>((resolve) => {
      const watcher = senders[0];
      if (watcher === undefined) return resolve();
      watcher.onMessage = () => {
        pending -= 1;
        if (performance.now() - begun < milliseconds) send(senders[sent % senders.length] ?? watcher);
        else if (pending === 0) resolve();
      };
      for (let index = 0; index < inFlight; index++) send(senders[index % senders.length] ?? watcher);
    });
    if (senders[0] !== undefined) senders[0].onMessage = () => {};
    await this.#delivered(before, sent);
    const elapsed = performance.now() - begun;
    const used = cpuMicroseconds(this.#server.pid) - cpu;
    return { microseconds: used / (sent * this.#members.length), messages: sent, perSecond: (sent * 1000) / elapsed };
  }

  close(): void {
    for (const member of this.#members) member.close();
  }

  /** Waits until every member has every message. */
  async #delivered(before: readonly number[], sent: number): Promise<void> {
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
