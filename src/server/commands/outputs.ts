import { isatty } from 'node:tty';
import type { Clock, Log } from '../../core/ports.ts';
import { createLog, type LogOptions } from '../log.ts';
import { LineOutput } from '../output/line-output.ts';
import { readable } from '../output/readable.ts';
import { openSink } from '../output/sink.ts';
import { problemLine } from './fail.ts';

/** How long the end of the process waits for an output that takes nothing. */
const FLUSH_MS = 500;

/** The outputs of the server. They never make it wait, neither while it runs nor at its end. */
export class Outputs {
  readonly isTerminal = isatty(1);
  readonly log: Log;
  readonly #stdout: LineOutput;
  readonly #stderr: LineOutput;

  constructor(level: LogOptions['level'], clock: Clock) {
    this.#stdout = new LineOutput(openSink({ fd: 1, stream: () => process.stdout }), clock, (count) => {
      this.log.error('log-lines-dropped', { count }); // SERVER-87
    });
    this.#stderr = new LineOutput(openSink({ fd: 2, stream: () => process.stderr }), clock);
    const write = (line: string) => this.#stdout.write(this.isTerminal ? readable(line) : line); // SERVER-24
    this.log = createLog({ level, write, clock });
  }

  /** How many lines of the log were dropped so far. */
  get dropped(): number {
    return this.#stdout.dropped;
  }

  /** Writes a text for a person to standard output. */
  say(text: string): void {
    this.#stdout.write(text);
  }

  /** What Node itself would print goes to the log, because Node waits until it is printed. */
  catchWarnings(): void {
    process.removeAllListeners('warning');
    process.on('warning', ({ name, message }) => {
      if (name !== 'ExperimentalWarning') this.log.warn('warning', { name, message }); // SERVER-85
    });
    process.on('uncaughtException', (error) => {
      this.#stderr.write(`${error.stack ?? error}\n`);
      void this.end(1, ['an error that should not happen; please report it with the lines above']); // SERVER-85
    });
  }

  /** Prints the problems on stderr and ends the process, after at most half a second for outputs that take nothing. */
  async end(code: number, problems: readonly string[] = []): Promise<void> {
    for (const problem of problems) this.#stderr.write(problemLine(problem));
    // A timer that keeps the process alive: nothing else may be left that does.
    setTimeout(() => this.exit(code), FLUSH_MS); // SERVER-88
    await Promise.all([this.#stdout.flush(), this.#stderr.flush()]);
    this.exit(code);
  }

  /** Ends the process at once. */
  exit(code: number): void {
    // An exit would wait for the thread.
    if (this.#stdout.isStuck || this.#stderr.isStuck) process.kill(process.pid, 'SIGKILL'); // SERVER-88
    process.exit(code);
  }
}
