import assert from 'node:assert/strict';

/** One actor's connection, whatever carries it. */
export interface TranscriptConnection {
  send(line: string): void | Promise<void>;
  /** The next line, once it comes; `null` when the connection has ended and all was read. Rejects when nothing comes. */
  next(): Promise<string | null>;
  /** Ends the connection as a client does that goes home. */
  close(): void | Promise<void>;
  /** Ends it as a broken line does. */
  drop(): void | Promise<void>;
  /** Where this connection speaks another protocol than the others: its own. */
  readonly barrier?: Barrier;
}

/** A request that has an answer and no effect: when that came, everything before it has come. */
export type Barrier = { ask(count: number): string; isAnswer(count: number, line: string): boolean };

/** Where a transcript is played. */
export type TranscriptTarget = {
  /** `by` names a protocol where the transcript does. */
  connect(actor: string, by: string | null): Promise<TranscriptConnection>;
  readonly barrier: Barrier;
  /** One spelling for all lines that mean the same, where a protocol has more; what is written must be in it too. */
  normalize?(line: string): string;
  /** What the lines of `operator` do. */
  operate?(action: string): Promise<void>;
  /** Texts that `{name}` stands for, such as the server's name. */
  readonly values: { readonly [name: string]: string };
};

type Act =
  | { readonly type: 'connects'; readonly by: string | null }
  | { readonly type: 'closes' | 'drops' | 'is closed' | 'hears nothing' }
  | { readonly type: '>' | '<'; readonly text: string };

/** One line of a transcript; `number` counts the lines of its file from 1. */
export type Step = { readonly number: number; readonly source: string; readonly actor: string } & (
  | Act
  | { readonly type: 'operates'; readonly action: string }
);

const ACT = /^(\w+) (?:(connects)(?: by (\w+))?|(closes|drops|is closed|hears nothing)|([<>]) (.*))$/;
const HOLE = /\{([a-z_]+)(?::(\w+))?\}/g;

/** What a hole may be filled with; with a label (`{id:1}`) it is the same text each time. */
const HOLES: ReadonlyMap<string, string> = new Map([
  ['id', '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'],
  ['token', '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'],
  ['number', '[0-9]+'],
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
    const place = { number: index + 1, source };
    const act = ACT.exec(source);
    if (source.startsWith('operator ')) {
      steps.push({ ...place, actor: 'operator', type: 'operates', action: source.slice('operator '.length) });
    } else if (act === null) {
      throw new SyntaxError(`line ${place.number} of a transcript says nothing we know: ${source}`);
    } else {
      const [, actor = '', connects, by = null, type, arrow, text] = act;
      const rest = connects ? { type: connects, by } : arrow ? { type: arrow, text } : { type };
      steps.push({ ...place, actor, ...rest } as Step);
    }
  }
  return steps;
}

/**
 * Plays a transcript. What an actor receives must be exactly what is written, in that order; what comes unexpected is
 * found at that actor's next line, or by a barrier at the actor's end. Nothing waits for time to pass.
 */
export async function playTranscript(text: string, stage: TranscriptTarget): Promise<void> {
  const play = new Play(stage);
  try {
    for (const step of parseTranscript(text)) await play.step(step);
    await play.end();
  } finally {
    await play.leave();
  }
}

class Play {
  readonly #stage: TranscriptTarget;
  readonly #conversations = new Map<string, TranscriptConnection>();
  readonly #captured = new Map<string, string>();
  #barriers = 0;

  constructor(stage: TranscriptTarget) {
    this.#stage = stage;
  }

  async step(step: Step): Promise<void> {
    try {
      await this.#do(step);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new assert.AssertionError({ message: `line ${step.number}: ${step.source}\n${said}` });
    }
  }

  /** Nothing unexpected has come to those who are still there. */
  async end(): Promise<void> {
    for (const [actor, conversation] of this.#conversations) {
      await this.#quiet(conversation).catch((error) => {
        throw new assert.AssertionError({ message: `at the end, ${actor}: ${error.message}` });
      });
    }
  }

  async leave(): Promise<void> {
    for (const conversation of this.#conversations.values()) await conversation.close();
  }

  async #do(step: Step): Promise<void> {
    if (step.type === 'operates') {
      if (this.#stage.operate === undefined) throw new Error('nobody operates this server');
      return this.#stage.operate(step.action);
    }
    if (step.type === 'connects') {
      if (this.#conversations.has(step.actor)) throw new Error('already connected');
      this.#conversations.set(step.actor, await this.#stage.connect(step.actor, step.by));
      return;
    }
    const conversation = this.#conversations.get(step.actor);
    if (conversation === undefined) throw new Error('not connected');
    if (step.type === '>') return conversation.send(this.#fill(step.text));
    if (step.type === '<') return this.#hear(conversation, step.text);
    if (step.type !== 'is closed') await this.#quiet(conversation);
    if (step.type === 'hears nothing') return;
    this.#conversations.delete(step.actor);
    if (step.type === 'closes') return conversation.close();
    if (step.type === 'drops') return conversation.drop();
    const line = await conversation.next();
    if (line !== null) throw new Error(`unexpected: ${line}`);
  }

  async #hear(conversation: TranscriptConnection, text: string): Promise<void> {
    const spelling = (said: string) => this.#stage.normalize?.(said) ?? said;
    const { pattern, labels } = this.#compile(spelling(text));
    const line = await conversation.next();
    const found = line === null ? null : pattern.exec(spelling(line));
    if (found === null) throw new Error(line === null ? 'the connection has ended' : `received: ${line}`);
    for (const [index, label] of labels.entries()) this.#captured.set(label, found[index + 1] ?? '');
  }

  async #quiet(conversation: TranscriptConnection): Promise<void> {
    const count = ++this.#barriers;
    const { barrier = this.#stage.barrier } = conversation;
    await conversation.send(barrier.ask(count));
    const line = await conversation.next();
    if (line === null) throw new Error('the connection has ended');
    if (!barrier.isAnswer(count, line)) throw new Error(`unexpected: ${line}`);
  }

  /** What is known of a hole: a fact, or what was captured. */
  #known(kind: string, label: string | undefined): string | undefined {
    return label === undefined ? this.#stage.values[kind] : this.#captured.get(`${kind}:${label}`);
  }

  #fill(text: string): string {
    return text.replace(HOLE, (hole, kind: string, label?: string) => {
      const known = this.#known(kind, label);
      if (known === undefined) throw new Error(`nothing is known of ${hole}`);
      return known;
    });
  }

  #compile(text: string): { pattern: RegExp; labels: string[] } {
    const labels: string[] = [];
    let source = '';
    let end = 0;
    for (const hole of text.matchAll(HOLE)) {
      const [whole, kind = '', label] = hole;
      source += escaped(text.slice(end, hole.index));
      end = hole.index + whole.length;
      const known = this.#known(kind, label);
      const shape = HOLES.get(kind);
      if (known === undefined && shape === undefined) throw new Error(`nothing is known of ${whole}`);
      if (known !== undefined) source += escaped(known);
      else if (label === undefined) source += `(?:${shape})`;
      else {
        labels.push(`${kind}:${label}`);
        source += `(${shape})`;
      }
    }
    return { pattern: new RegExp(`^${source}${escaped(text.slice(end))}$`, 's'), labels };
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
