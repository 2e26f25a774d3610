import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { Condition } from './condition.ts';
import { type Cleanup, temporaryDirectory } from './temporary.ts';

export const CHROMIUM = '/usr/bin/chromium';
/** Keeps the browser from doing anything by itself. */
export const QUIET = ['background-networking', 'component-update', 'sync', 'gpu', 'quic'].map(
  (what) => `--disable-${what}`,
);
/** A name in the network that leads to this machine. */
const NAMES = '--host-resolver-rules=MAP chat.example.org 127.0.0.1';
const FLAGS = ['--headless', '--no-sandbox', '--no-first-run', NAMES, '--remote-debugging-port=0', ...QUIET];

/** Why there is no browser on this machine; false if there is one. */
export const noBrowser = existsSync(CHROMIUM) ? false : `needs ${CHROMIUM}, the Debian package "chromium"`;

type Answer = { readonly id?: number; readonly method?: string; readonly params?: unknown; readonly result?: unknown };
type Value = { readonly value?: unknown; readonly description?: string };
type Evaluated = { readonly result: Value; readonly exceptionDetails?: { readonly exception?: Value } };

/** A page in a real browser, and its console. */
export class BrowserPage {
  /** What the console shows, apart from what was typed. */
  readonly lines: string[] = [];
  readonly #socket: WebSocket;
  readonly #changed = new Condition();
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #session: string | undefined;
  #requests = 0;
  #loaded = false;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)) as Answer));
  }

  /** Starts a browser of its own, and opens this address in it. */
  static async open(cleanup: Cleanup, address: string): Promise<BrowserPage> {
    const folder = temporaryDirectory(cleanup);
    const browser = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${folder}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = once(browser, 'close');
    cleanup.after(async () => {
      browser.kill('SIGKILL');
      await exited;
    });
    const socket = new WebSocket(await debuggerOf(browser));
    await once(socket, 'open');
    const page = new BrowserPage(socket);
    const { targetId } = (await page.ask('Target.createTarget', { url: 'about:blank' })) as { targetId: string };
    const attached = await page.ask('Target.attachToTarget', { targetId, flatten: true });
    page.#session = (attached as { sessionId: string }).sessionId;
    for (const domain of ['Runtime', 'Page', 'Log']) await page.ask(`${domain}.enable`, {});
    await page.load(address);
    return page;
  }

  /** Types this into the console and presses Enter; the result is what the console shows for it. */
  async type(expression: string): Promise<unknown> {
    const asked = { expression, replMode: true, awaitPromise: true, userGesture: true };
    const { result, exceptionDetails } = (await this.ask('Runtime.evaluate', asked)) as Evaluated;
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value;
  }

  /** Resolves with the next line that the console shows. */
  async next(): Promise<string> {
    await this.#changed.until(() => this.lines.length > 0);
    return String(this.lines.shift());
  }

  /** Opens this address. */
  async load(address: string): Promise<void> {
    await this.loadBy(() => this.ask('Page.navigate', { url: address }));
  }

  /** Does what leads to another page; resolves when that is there. */
  async loadBy(act: () => Promise<unknown>): Promise<void> {
    this.#loaded = false;
    await act();
    await this.#changed.until(() => this.#loaded);
  }

  /** Asks the browser by the Chrome DevTools Protocol. */
  ask(method: string, params: object): Promise<unknown> {
    const id = ++this.#requests;
    this.#socket.send(JSON.stringify({ id, method, params, ...(this.#session && { sessionId: this.#session }) }));
    return new Promise((done) => this.#waiting.set(id, done));
  }

  #receive({ id, method, params, result }: Answer): void {
    if (id !== undefined) this.#waiting.get(id)?.(result);
    if (method === 'Page.loadEventFired') this.#loaded = true;
    if (method === 'Runtime.consoleAPICalled') {
      const { args } = params as { args: readonly Value[] };
      this.lines.push(args.map(({ value, description }) => String(value ?? description)).join(' '));
    }
    if (method === 'Log.entryAdded') this.lines.push((params as { entry: { text: string } }).entry.text);
    this.#changed.notify();
  }
}

/** The address at which the browser can be driven; it says it on stderr. */
async function debuggerOf(browser: ChildProcess): Promise<string> {
  if (browser.stderr === null) throw new Error('the browser has no stderr');
  for await (const line of createInterface({ input: browser.stderr })) {
    const [, address] = /^DevTools listening on (.*)$/.exec(line) ?? [];
    if (address !== undefined) {
      browser.stderr.resume();
      return address;
    }
  }
  throw new Error('the browser ended');
}
