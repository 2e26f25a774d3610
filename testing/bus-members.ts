import type { BusMessage } from '../src/core/model/bus-message.ts';
import type { Bus, Clock, Log, LogFields, Subject } from '../src/core/ports.ts';
import type { NatsBus } from '../src/bus/nats/bus.ts';
import { openNatsBus } from '../src/bus/nats/open.ts';
import { systemClock } from '../src/server/clock.ts';
import { Condition } from './condition.ts';
import type { Cleanup } from './temporary.ts';

/** What a member heard on a subject, in order. */
export class Heard {
  readonly messages: BusMessage[] = [];
  readonly #changed = new Condition();
  readonly end: () => void;

  constructor({ bus }: { readonly bus: Bus }, subject: Subject) {
    this.end = bus.subscribe(subject, (message) => {
      this.messages.push(message);
      this.#changed.notify();
    });
  }

  /** What was heard, as `saying` makes it. */
  get marks(): readonly string[] {
    return this.messages.map((message) => {
      if (message.type === 'kick') return message.reason;
      return message.type === 'position' ? String(message.position) : message.type;
    });
  }

  /** Resolves when this was heard. */
  until(mark: string): Promise<void> {
    return this.#changed.until(() => this.marks.includes(mark));
  }
}

/** A message that says this, which is a number on the subject of a stream. */
export function saying(subject: Subject, node: string, mark: string): BusMessage {
  const isOfNodes = subject.startsWith('node');
  return isOfNodes ? kick(node, mark) : { type: 'position', node, position: Number(mark) };
}

export function kick(node: string, reason: string): BusMessage {
  return { type: 'kick', node, person: 1, reason };
}

type Line = { readonly event: string; readonly fields: LogFields };

/** A log that a test can wait for. */
class TestLog implements Log {
  readonly lines: Line[] = [];
  readonly #changed = new Condition();
  readonly info = (event: string, fields: LogFields = {}) => this.#add({ event, fields });
  readonly warn = this.info;
  readonly error = this.info;

  get events(): readonly string[] {
    return this.lines.map(({ event }) => event);
  }

  count(event: string): number {
    return this.events.filter((each) => each === event).length;
  }

  /** Resolves when this event was logged so often. */
  until(event: string, times = 1): Promise<void> {
    return this.#changed.until(() => this.count(event) >= times);
  }

  #add(line: Line): void {
    this.lines.push(line);
    this.#changed.notify();
  }
}

/** A member of the bus at this URL, with its log; `again` counts how often it was told of being connected again. */
export async function joinNats(cleanup: Cleanup, url: string, node: string, clock: Clock = systemClock) {
  const log = new TestLog();
  const bus = await openNatsBus({ url, node, clock, log });
  cleanup.after(() => bus.close());
  const again = { times: 0 };
  bus.onReconnect(() => again.times++);
  return { bus, log, again };
}

/** Resolves when the second member hears what the first one says to all nodes. */
export async function hears(from: NatsBus, heard: Heard, to: NatsBus, text: string): Promise<void> {
  await to.settled();
  from.publish('nodes', kick('one', text));
  await heard.until(text);
}
