import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { ROOT } from '../../scripts/lib/tree.ts';
import { Condition } from '../../testing/condition.ts';
import { type Cleanup, temporaryDirectory } from '../../testing/temporary.ts';

/** A program of which a person sees the output and types the input. */
export class TypedProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #changed = new Condition();
  readonly #closed: Promise<unknown>;
  #output = '';
  #read = 0;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#closed = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        this.#output += piece;
        this.#changed.notify();
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Resolves with what matches in the output after the last match, now or later. */
  async until(pattern: RegExp): Promise<readonly string[]> {
    const find = () => pattern.exec(this.#output.slice(this.#read));
    await this.#changed.until(() => find() !== null);
    const match = find() ?? [''];
    this.#read += ('index' in match ? match.index : 0) + match[0].length;
    return match.map(String);
  }

  /** Resolves with the exit code when the program has ended. */
  async ended(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#closed;
  }
}

/** A clone of this project in which the commands of README.md run as printed; only the port is a free one. */
export class PrintedProject {
  readonly #folder: string;
  readonly #t: Cleanup;
  #port = 0;

  private constructor(t: Cleanup) {
    this.#t = t;
    this.#folder = temporaryDirectory(t);
    for (const name of ['package.json', 'package-lock.json', 'scripts', 'node_modules']) {
      symlinkSync(join(ROOT, name), join(this.#folder, name));
    }
    // A link would not do: what a program of the folder imports must be what the launcher of the folder runs.
    for (const name of ['src', 'web']) cpSync(join(ROOT, name), join(this.#folder, name), { recursive: true });
  }

  /** Runs the command that starts the server. */
  static async start(t: Cleanup, command: string): Promise<PrintedProject> {
    const project = new PrintedProject(t);
    const server = project.run(command);
    const [, port] = await server.until(/"event":"listening","port":(\d+)/);
    project.#port = Number(port);
    return project;
  }

  /** The text with the port of this server in place of 5000. */
  here(text: string): string {
    return text.replaceAll(/(?<=localhost[: ])5000/g, String(this.#port));
  }

  /** Runs a command of the page. */
  run(command: string): TypedProgram {
    return this.#spawn('sh', ['-c', `exec ${this.here(command)}`]);
  }

  /** Runs a command of the page at a terminal. */
  runAtTerminal(command: string): TypedProgram {
    return this.#spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null']);
  }

  /** Writes a program of the page into the folder. */
  write(name: string, lines: readonly string[]): void {
    writeFileSync(join(this.#folder, name), this.here(lines.join('\n')));
  }

  #spawn(program: string, args: readonly string[]): TypedProgram {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(PARLANCE|npm|NODE_TEST)_/i.test(name));
    const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
    const env = { ...Object.fromEntries(inherited), PATH, PARLANCE_PORT: '0', PARLANCE_HOST: '127.0.0.1' };
    const typed = new TypedProgram(spawn(program, args, { cwd: this.#folder, env, stdio: 'pipe' }));
    this.#t.after(() => typed.stop('SIGTERM'));
    return typed;
  }
}
