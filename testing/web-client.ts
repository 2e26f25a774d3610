import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CHROMIUM, QUIET } from './browser.ts';
import { Condition } from './condition.ts';
import type { Cleanup } from './temporary.ts';

/** Only this machine is there: what a page asks of any other is not found. */
const ONLY_HERE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost';

/** One browser for all tests of a file. It starts with the first person, and ends with the file. */
export class WebClients {
  #browser: Promise<Browser> | null = null;

  constructor(cleanup: Cleanup) {
    cleanup.after(async () => (await this.#browser)?.close());
  }

  /** A person with a profile of their own who opens the page at this address; another context option is, for example, the size. */
  async open(cleanup: Cleanup, address: string, options: BrowserContextOptions = {}): Promise<WebClient> {
    this.#browser ??= chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ONLY_HERE, ...QUIET] });
    const context = await (await this.#browser).newContext(options);
    const client = new WebClient(context, address);
    cleanup.after(() => client.close());
    await client.openTab();
    return client;
  }
}

/** The web client of one person: tabs of one profile. The test fails if one of them complains or asks another host for something. */
export class WebClient {
  readonly context: BrowserContext;
  /** What the console, the policy and the network complained of. */
  readonly complaints: string[] = [];
  readonly #address: string;
  readonly #allowed: RegExp[] = [];
  readonly #changed = new Condition();

  constructor(context: BrowserContext, address: string) {
    this.context = context;
    this.#address = address;
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#complain(`${message.type()}: ${message.text()}`);
    });
    context.on('weberror', (error) => this.#complain(`uncaught: ${error.error().message}`));
    context.on('request', (request) => this.#checkHost(request.url()));
    context.on('page', (page) => page.on('websocket', (socket) => this.#checkHost(socket.url())));
  }

  /** The first tab. */
  get page(): Page {
    const [page] = this.context.pages();
    assert.ok(page, 'the person has no tab');
    return page;
  }

  /** Opens the page in one more tab; resolves when it is loaded. */
  async openTab(fragment = ''): Promise<Page> {
    const page = await this.context.newPage();
    await page.addInitScript(reportViolations);
    await page.goto(this.#address + fragment);
    return page;
  }

  /** Complaints that match do not fail the test, such as that of a browser whose connection was cut on purpose. */
  allow(complaint: RegExp): void {
    this.#allowed.push(complaint);
  }

  /** Resolves when a complaint matches, now or later. */
  async complained(complaint: RegExp): Promise<void> {
    await this.#changed.until(() => this.complaints.some((each) => complaint.test(each)));
  }

  /** What axe finds wrong with a tab, one line for each element. */
  async accessibilityProblems(page: Page = this.page): Promise<string[]> {
    // Otherwise axe opens a tab of its own.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  }

  /** Closes all tabs; rejects if there was a complaint that was not allowed. */
  async close(): Promise<void> {
    await this.context.close();
    const left = this.complaints.filter((complaint) => !this.#allowed.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(left, [], 'nothing complains');
  }

  #complain(complaint: string): void {
    this.complaints.push(complaint);
    this.#changed.notify();
  }

  #checkHost(url: string): void {
    const { protocol, host } = new URL(url);
    const isNetwork = /^(?:https?|wss?):$/.test(protocol);
    if (isNetwork && host !== new URL(this.#address).host) this.#complain(`asked another host: ${url}`);
  }
}

/** Runs in the page. */
function reportViolations(): void {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
    console.error(`policy: ${violatedDirective} ${blockedURI} ${sample}`);
  });
}
