import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomInt } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';

/** Why this machine cannot have a second network; null if it can. */
export const noNamespaces: string | null = reasonAgainst();

/** Another machine, as a network namespace: it reaches this one by a cable of its own. */
export class Namespace {
  readonly #name: string;
  /** The address of this machine on the cable. */
  readonly here: string;

  private constructor(name: string, here: string) {
    this.#name = name;
    this.here = here;
  }

  static open(t: TestContext): Namespace {
    const number = randomInt(65_536);
    const at = (host: number) => `198.18.${number >> 8}.${(number & 0xfc) + host}`;
    const name = `parlance${number}`;
    const [near, far] = [`pa${number}`, `pb${number}`];
    ip('netns', 'add', name);
    t.after(() => ip('netns', 'delete', name));
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name);
    // A socket that waits for an answer keeps the namespace, and with it the cable.
    t.after(() => ip('link', 'delete', near));
    ip('address', 'add', `${at(1)}/30`, 'dev', near);
    ip('link', 'set', near, 'up');
    ip('-n', name, 'address', 'add', `${at(2)}/30`, 'dev', far);
    ip('-n', name, 'link', 'set', far, 'up');
    return new Namespace(name, at(1));
  }

  /** Runs a script of Node on the other machine. */
  run(t: TestContext, script: string): ChildProcessByStdio<null, Readable, null> {
    const child = spawn('ip', ['netns', 'exec', this.#name, process.execPath, '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    return child;
  }

  /** Nothing passes from now on, and nobody is told. */
  pullCable(): void {
    ip('-n', this.#name, 'link', 'set', `pb${this.#name.replace('parlance', '')}`, 'down');
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'ignore' });
}

function reasonAgainst(): string | null {
  if (process.platform !== 'linux') return 'only Linux has network namespaces';
  const name = `parlance-try-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'delete', name);
    return null;
  } catch {
    return 'network namespaces need root and the command `ip` (Debian: iproute2)';
  }
}
