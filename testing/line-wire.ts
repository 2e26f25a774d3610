import type { Decoded, Decoder, Session, Wire } from '../src/connections/wire.ts';
import type { Peer } from '../src/connections/peer.ts';
import type { Event } from '../src/core/events.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Answers that the test gives by hand, to the requests `later KEY`. */
export type Later = Map<string, (answer: string) => void>;

/**
 * The smallest wire there can be, for tests of what carries wires: requests and answers are lines of words.
 * `enter NAME`, `say TEXT`, `edit ID TEXT`, `rename NAME`, `who`, `leave`, `ping`, `later KEY` (answered by the test).
 */
export function lineWire(later: Later = new Map(), history = 50, name = 'line'): Wire<string, string> {
  return {
    name,
    decoder: () => lineDecoder(),
    encode: (message) => encoder.encode(`${message}\n`),
    changesAreLines: false,
    render,
    renderNotice: () => null,
    renderHistory: (message) => `old ${message.number} ${message.author.name} ${message.text}`,
    refuse: (refusal) => `no ${refusal.type}`,
    refuseBytes: (reason) => `bad ${reason}`,
    open: (peer) => lineSession(peer, later, history),
  };
}

function render(event: Event): string | null {
  switch (event.type) {
    case 'message-posted':
      return `new ${event.message.number} ${event.message.author.name} ${event.message.text}`;
    case 'message-edited':
      return `edited ${event.message.number} ${event.message.text}`;
    case 'message-deleted':
      return `deleted ${event.message.number}`;
    case 'person-renamed':
      return `renamed ${event.before} ${event.person.name}`;
    case 'person-left':
      return event.departure.type === 'stopped' ? null : `left ${event.person.name} ${event.departure.type}`;
    default:
      return null;
  }
}

function lineDecoder(): Decoder<string> {
  let rest = '';
  return {
    *push(bytes): Iterable<Decoded<string>> {
      const lines = (rest + decoder.decode(bytes)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('!')) yield { ok: false, reason: line.slice(1), fatal: line === '!fatal' };
        else yield { ok: true, message: line };
      }
    },
    get pending() {
      return rest !== '';
    },
  };
}

function lineSession(peer: Peer, later: Later, history: number): Session<string, string> {
  return {
    receive: (line, answer) => {
      const [verb = '', ...words] = line.split(' ');
      const rest = words.join(' ');
      const done = (result: { ok: boolean; error?: { type: string } }) =>
        answer(result.ok ? 'ok' : `no ${result.error?.type}`);
      switch (verb) {
        case 'enter':
          return peer.enter(rest, { reachable: true, status: null }, (result) => {
            done(result);
            if (result.ok) peer.show({ rooms: 'lobby', history, own: 'all', direct: 'all', notices: false });
          });
        case 'say':
          return peer.speak({ type: 'lobby', post: { text: rest, clientTime: null } }, done);
        case 'edit':
          return peer.speak({ type: 'edit', message: words[0] ?? '', text: words.slice(1).join(' ') }, done);
        case 'rename':
          return peer.rename(rest, done);
        case 'who':
          return answer(peer.present().join(' '));
        case 'ping':
          return answer(peer.mayPing() ? 'pong' : 'no pong');
        case 'later':
          later.set(rest, answer);
          return;
        case 'leave':
          answer(null);
          return peer.leave();
        default:
          answer(`what is ${verb}`);
      }
    },
  };
}
