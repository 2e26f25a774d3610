import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { seededRandom, type SeededRandom } from '../../testing/random.ts';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { clientFrame, FUZZED, mutated } from './mutate.ts';

const CONNECTIONS = 16;
const HANDSHAKE =
  'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

export type FuzzReport = {
  readonly frames: number;
  readonly connections: number;
  readonly heapGrowthBytes: number;
  readonly descriptorsBefore: number;
  readonly descriptorsAfter: number;
  readonly healthyP99Ms: number;
  readonly healthyMessages: number;
};

/** Sends damaged frames to a live server, and compares the server after it with itself before it. */
export async function fuzzLivePort(
  frames: number,
  seed: number,
  progress: (line: string) => void,
): Promise<FuzzReport> {
  const undo: (() => Promise<void>)[] = [];
  const cleanup = { after: (run: () => Promise<void>) => void undo.push(run) };
  try {
    const nodeArgs = ['--expose-gc', '--import', fileURLToPath(new URL('./gc.ts', import.meta.url))];
    const server = await startServerProcess(cleanup, { nodeArgs });
    const ended = server.exited.then((exit) => {
      throw new Error(`the server ended (${JSON.stringify(exit)}): ${server.stderr()}`);
    });
    return await Promise.race([ended, measure(server, frames, seed, progress)]);
  } finally {
    for (const run of undo.toReversed()) await run();
  }
}

async function measure(
  server: ServerProcess,
  frames: number,
  seed: number,
  progress: (line: string) => void,
): Promise<FuzzReport> {
  const random = seededRandom(seed);
  const healthy = await HealthyClient.join(server.port);
  const descriptors = await descriptorsOf(server);
  await attack(server, Math.min(5_000, frames), random, () => {});
  const before = await collected(server, 1);
  const connections = await attack(server, frames, random, progress);
  const after = await collected(server, 2);
  const latencies = healthy.latencies.toSorted((a, b) => a - b);
  healthy.close();
  return {
    frames,
    connections,
    heapGrowthBytes: after.heap - before.heap,
    descriptorsBefore: descriptors,
    descriptorsAfter: after.descriptors,
    healthyP99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
    healthyMessages: latencies.length,
  };
}

/** Sends so many frames, over connections that come and go; returns over how many. */
async function attack(
  server: ServerProcess,
  frames: number,
  random: SeededRandom,
  progress: (line: string) => void,
): Promise<number> {
  let left = frames;
  let connections = 0;
  const run = async () => {
    while (left > 0) {
      connections += 1;
      left -= await attackOnce(server.port, random, Math.min(left, 1 + random.below(200)));
      if (connections % 200 === 0) progress(`${left} frames to go`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, run));
  return connections;
}

/** One connection that says so many damaged things, as a WebSocket or as a bare socket, and goes; returns how many it said. */
async function attackOnce(port: number, random: SeededRandom, count: number): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
  const websocket = random.below(3) > 0;
  const protocol = random.pick(FUZZED);
  socket.resume();
  if (websocket) socket.write(HANDSHAKE);
  let said = 0;
  while (said < count && !socket.destroyed && socket.writable) {
    said += 1;
    const payload = mutated(random, protocol);
    const drained = socket.write(
      websocket ? clientFrame(payload, random) : Buffer.concat([payload, Buffer.from('\n')]),
    );
    if (!drained) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    if (said % 20 === 0) await new Promise(setImmediate);
  }
  if (random.below(4) === 0) socket.destroy();
  else socket.end();
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
  socket.destroy();
  await closed;
  return said;
}

/** The server's heap after a collection, and its descriptors, once the attackers' connections are gone. */
async function collected(server: ServerProcess, times: number): Promise<{ heap: number; descriptors: number }> {
  const descriptors = await descriptorsOf(server);
  server.kill('SIGUSR2');
  const collections = () => server.log.filter(({ event }) => event === 'collected');
  const line = await server.line('collected', (candidate) => collections().indexOf(candidate) === times - 1);
  return { heap: Number(line.heapUsed), descriptors };
}

/** How many descriptors are open, once that has not changed for 3 s: closing takes up to 2 s. */
async function descriptorsOf(server: ServerProcess): Promise<number> {
  const count = () => readdirSync(`/proc/${server.pid}/fd`).length;
  let last = count();
  for (let same = 0; same < 60; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = count();
    same = now === last ? same + 1 : 0;
    last = now;
  }
  return last;
}

/** Somebody who just talks, one message after the other, and measures how long each acknowledgement takes. */
class HealthyClient {
  readonly latencies: number[] = [];
  readonly #socket: Socket;
  #asked = 0;
  #rest = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async join(port: number): Promise<HealthyClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const client = new HealthyClient(socket);
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.on('data', (bytes) => client.#hear(String(bytes)));
    socket.write('c2/CONNECT healthy\n');
    return client;
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(bytes: string): void {
    const lines = (this.#rest + bytes).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('c2/ACKNOWLEDGE')) continue;
      if (this.#asked > 0) this.latencies.push(performance.now() - this.#asked);
      setTimeout(() => this.#ask(), 5);
    }
  }

  #ask(): void {
    if (this.#socket.destroyed) return;
    this.#asked = performance.now();
    this.#socket.write('c2/MSG 1; all is well\n');
  }
}
