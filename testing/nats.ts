import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Cleanup, temporaryDirectory } from './temporary.ts';

/** The URL of a server to use in place of a private one. */
const GIVEN = process.env.PARLANCE_TEST_NATS;
const LISTENING = /Listening for client connections on 127\.0\.0\.1:(\d+)/;
const READY = 'Server is ready';
/** Ends the process of this id when its own input ends, which it does with the process that started it. */
const WATCHER = 'trap "" INT TERM HUP; read -r line || kill -KILL "$1"';

/** Not everybody has it in the PATH. */
const PROGRAMS = ['nats-server', '/usr/sbin/nats-server'];
const program = PROGRAMS.find((path) => spawnSync(path, ['--version']).error === undefined);

/** Why there is no NATS that tests can start and stop; false if there is one. */
export const noPrivateNats = program !== undefined ? false : 'needs the Debian package "nats-server"';

/** Why there is no NATS on this machine; false if there is one. */
export const noNats =
  GIVEN !== undefined || noPrivateNats === false ? false : `${noPrivateNats}, or PARLANCE_TEST_NATS=nats://...`;

/** A private server on a free port of 127.0.0.1. It is gone at the end, also when this process is killed. */
export class NatsServer {
  readonly #args: readonly string[];
  #port = -1;
  #child: ChildProcess | null = null;
  #watcher: ChildProcess | null = null;

  private constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** Starts a server; `settings` are lines of a configuration file. */
  static async start(cleanup: Cleanup, settings = ''): Promise<NatsServer> {
    const file = join(temporaryDirectory(cleanup), 'nats.conf');
    writeFileSync(file, settings);
    const server = new NatsServer(['-a', '127.0.0.1', '-c', file]);
    cleanup.after(() => server.kill());
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** Starts it again after `kill`, empty and on the same port; resolves when it accepts connections. */
  async start(): Promise<void> {
    const child = spawn(program ?? 'nats-server', [...this.#args, '-p', String(this.#port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    const lines: string[] = [];
    await new Promise<void>((ready, failed) => {
      child.on('error', failed);
      createInterface({ input: child.stderr })
        .on('line', (line) => {
          if (lines.length < 20) lines.push(line);
          this.#port = Number(LISTENING.exec(line)?.[1] ?? this.#port);
          if (line.includes(READY)) ready();
        })
        .on('close', () => failed(new Error(`nats-server has ended: ${lines.join('\n')}`)));
    });
    this.#watcher = spawn('sh', ['-c', WATCHER, 'sh', String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  }

  /** Ends it at once; resolves when it is gone. */
  async kill(): Promise<void> {
    const [child, watcher] = [this.#child, this.#watcher];
    this.#child = this.#watcher = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    watcher?.stdin?.on('error', () => {}).end('\n');
  }

  /** Stops it in the middle of everything; its sockets stay open. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** It goes on after `pause`. */
  resume(): void {
    this.#child?.kill('SIGCONT');
  }
}

/** Makes URLs of a bus, each with a prefix that nobody else has. */
export type NatsUrls = { make(): string };

/** URLs on the given server, else on a private one that all of a test file shares. */
export async function natsForTests(cleanup: Cleanup): Promise<NatsUrls> {
  const url = GIVEN ?? (await NatsServer.start(cleanup)).url;
  let made = 0;
  return { make: () => `${url}${url.includes('?') ? '&' : '?'}prefix=test-${process.pid}-${++made}` };
}
