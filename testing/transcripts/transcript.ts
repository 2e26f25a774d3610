import assert from 'node:assert/strict';

/** One actor's connection, over any transport or library. */
export interface TranscriptConnection {
  send(line: string): void | Promise<void>;
  /** The next line, or `null` after the last one when the connection has ended. Rejects when nothing comes. */
  next(): Promise<string | null>;
  /** Ends the connection in order. */
  close(): void | Promise<void>;
  /** Ends it without a closing handshake. */
  drop(): void | Promise<void>;
  /** Its own barrier, if it speaks another protocol than the others. */
  readonly barrier?: Barrier;
}

/** A request without effect: once its answer has come, everything before it has come. */
export type Barrier = { ask(count: number): string; isAnswer(count: number, line: string): boolean };

/** What a transcript is played against. */
export type TranscriptTarget = {
  /** `by` is the protocol that the transcript names, or null. */
  connect(actor: string, by: string | null): Promise<TranscriptConnection>;
  readonly barrier: Barrier;
  /** Maps all lines with one meaning to one line, in a protocol that can write a message in several ways. */
  normalize?(line: string): string;
  /** Runs the lines of `operator`. */
  operate?(action: string): Promise<void>;
  /** The values of placeholders without a label, such as the server's name. */
  readonly values: { readonly [name: string]: string };
};

type Action =
  | { readonly type: 'connects'; readonly by: string | null }
  | { readonly type: 'closes' | 'drops' | 'is closed' | 'hears nothing' }
  | { readonly type: '>' | '<'; readonly text: string };

/** One line of a transcript; `number` counts the lines of its file from 1. */
export type Step = { readonly number: number; readonly source: string; readonly actor: string } & (
  | Action
  | { readonly type: 'operates'; readonly action: string }
);

const ACTION = /^(\w+) (?:(connects)(?: by (\w+))?|(closes|drops|is closed|hears nothing)|([<>]) (.*))$/;
const PLACEHOLDER = /\{([a-z_]+)(?::(\w+))?\}/g;

/** The pattern of each kind of placeholder; one with a label (`{id:1}`) stands for the same text each time. */
const PATTERNS: ReadonlyMap<string, string> = new Map([
  ['id', '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'],
  ['token', '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'],
  ['event', '[0-9a-f]{32}'],
  ['code', '[\\w-]{22}'],
  ['number', '[0-9]+'],
  ['identity', '[^"]+'],
  ['time', '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z'],
  ['any', '.+'],
]);

/**
 * Reads a transcript: `alice connects`, `alice connects by c2`, `alice > what she sends`, `alice < what she must receive`, `alice is closed` (by
 * the server), `alice closes`, `alice drops`, `alice hears nothing`, `operator bans bob: spam`; `#` begins a comment.
 */
export function parseTranscript(text: string): Step[] {
  const steps: Step[] = [];
  for (const [index, source] of text.split('\n').entries()) {
    if (source.trim() === '' || source.startsWith('#')) continue;
    const line = { number: index + 1, source };
    const action = ACTION.exec(source);
    if (source.startsWith('operator ')) {
      steps.push({ ...line, actor: 'operator', type: 'operates', action: source.slice('operator '.length) });
    } else if (action === null) {
      throw new SyntaxError(`line ${line.number} of a transcript is unknown: ${source}`);
    } else {
      const [, actor = '', connects, by = null, type, arrow, text] = action;
      const rest = connects ? { type: connects, by } : arrow ? { type: arrow, text } : { type };
      steps.push({ ...line, actor, ...rest } as Step);
    }
  }
  return steps;
}

/**
 * Plays a transcript. Each actor must receive exactly the written lines, in that order; an unexpected line is found at the
 * actor's next line, or by a barrier at its end. Nothing waits for time to pass.
 */
export async function playTranscript(text: string, target: TranscriptTarget): Promise<void> {
  const player = new Player(target);
  try {
    for (const step of parseTranscript(text)) await player.step(step);
    await player.end();
  } finally {
    await player.leave();
  }
}

class Player {
  readonly #target: TranscriptTarget;
  readonly #connections = new Map<string, TranscriptConnection>();
  readonly #captured = new Map<string, string>();
  #barriers = 0;

  constructor(target: TranscriptTarget) {
    this.#target = target;
  }

  async step(step: Step): Promise<void> {
    try {
      await this.#do(step);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new assert.AssertionError({ message: `line ${step.number}: ${step.source}\n${message}` });
    }
  }

  /** Checks that no open connection has received anything else. */
  async end(): Promise<void> {
    for (const [actor, connection] of this.#connections) {
      await this.#expectNothing(connection).catch((error) => {
        throw new assert.AssertionError({ message: `at the end, ${actor}: ${error.message}` });
      });
    }
  }

  async leave(): Promise<void> {
    for (const connection of this.#connections.values()) await connection.close();
  }

  async #do(step: Step): Promise<void> {
    if (step.type === 'operates') {
      if (this.#target.operate === undefined) throw new Error('this target has no operator');
      return this.#target.operate(step.action);
    }
    if (step.type === 'connects') {
      if (this.#connections.has(step.actor)) throw new Error('already connected');
      this.#connections.set(step.actor, await this.#target.connect(step.actor, step.by));
      return;
    }
    const connection = this.#connections.get(step.actor);
    if (connection === undefined) throw new Error('not connected');
    if (step.type === '>') return connection.send(this.#fill(step.text));
    if (step.type === '<') return this.#expect(connection, step.text);
    if (step.type !== 'is closed') await this.#expectNothing(connection);
    if (step.type === 'hears nothing') return;
    this.#connections.delete(step.actor);
    if (step.type === 'closes') return connection.close();
    if (step.type === 'drops') return connection.drop();
    const line = await connection.next();
    if (line !== null) throw new Error(`unexpected: ${line}`);
  }

  async #expect(connection: TranscriptConnection, text: string): Promise<void> {
    const normalize = (text: string) => this.#target.normalize?.(text) ?? text;
    const { pattern, labels } = this.#compile(normalize(text));
    const line = await connection.next();
    const found = line === null ? null : pattern.exec(normalize(line));
    if (found === null) throw new Error(line === null ? 'the connection has ended' : `received: ${line}`);
    for (const [index, label] of labels.entries()) this.#captured.set(label, found[index + 1] ?? '');
  }

  async #expectNothing(connection: TranscriptConnection): Promise<void> {
    const count = ++this.#barriers;
    const { barrier = this.#target.barrier } = connection;
    await connection.send(barrier.ask(count));
    const line = await connection.next();
    if (line === null) throw new Error('the connection has ended');
    if (!barrier.isAnswer(count, line)) throw new Error(`unexpected: ${line}`);
  }

  /** The value of a placeholder: given by the target, or captured. */
  #valueOf(kind: string, label: string | undefined): string | undefined {
    return label === undefined ? this.#target.values[kind] : this.#captured.get(`${kind}:${label}`);
  }

  #fill(text: string): string {
    return text.replace(PLACEHOLDER, (placeholder, kind: string, label?: string) => {
      const value = this.#valueOf(kind, label);
      if (value === undefined) throw new Error(`no value for ${placeholder}`);
      return value;
    });
  }

  #compile(text: string): { pattern: RegExp; labels: string[] } {
    const labels: string[] = [];
    let source = '';
    let end = 0;
    for (const placeholder of text.matchAll(PLACEHOLDER)) {
      const [whole, kind = '', label] = placeholder;
      source += escaped(text.slice(end, placeholder.index));
      end = placeholder.index + whole.length;
      const value = this.#valueOf(kind, label);
      const pattern = PATTERNS.get(kind);
      if (value === undefined && pattern === undefined) throw new Error(`no value for ${whole}`);
      if (value !== undefined) source += escaped(value);
      else if (label === undefined) source += `(?:${pattern})`;
      else {
        labels.push(`${kind}:${label}`);
        source += `(${pattern})`;
      }
    }
    return { pattern: new RegExp(`^${source}${escaped(text.slice(end))}$`, 's'), labels };
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
