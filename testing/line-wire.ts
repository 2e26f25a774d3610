import type { Notice, Peer, Showing } from '../src/connections/peer.ts';
import type { Decoded, Decoder, Form, Session, Wire } from '../src/connections/wire.ts';
import type { Event } from '../src/core/events.ts';
import type { PersonId } from '../src/core/ids.ts';
import { otherOf, type Place } from '../src/core/place.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Answers that the test gives by hand, to the requests `later KEY`. */
export type Later = Map<string, (answer: string) => void>;

export type LineOptions = Partial<Showing> & {
  readonly later?: Later;
  readonly changesAreLines?: boolean;
  readonly ownMoves?: boolean;
  /** Shows who enters, too. */
  readonly entering?: boolean;
  /** Wires of other names take other bytes. */
  readonly name?: string;
};

/**
 * The smallest wire there can be, for tests of what carries wires: requests and answers are lines of words. It shows the
 * lobby with its last 50 messages, and direct messages, unless the options say otherwise. What it understands is below; a
 * line in `[]` means the same, and from then on all lines that go down are in `[]`.
 */
export function lineWire(options: LineOptions = {}): Wire<string, string> {
  const { later = new Map(), changesAreLines = false, ownMoves = true, ...others } = options;
  const { entering = false, name = changesAreLines ? 'lines' : 'line', ...more } = others;
  const showing: Showing = { rooms: 'lobby', history: 50, own: 'all', direct: 'all', notices: false, ...more };
  return {
    name,
    decoder: () => lineDecoder(),
    encode: (message, _, form) => encoder.encode(`${form === 'plain' ? message : `[${message}]`}\n`),
    ownMoves,
    changesAreLines,
    render: (event, viewer) =>
      event.type === 'person-entered' && entering ? `entered ${event.person.name}` : render(event, viewer),
    renderFarewell: (person, departure) => render({ type: 'person-left', person, departure }, null),
    renderNotice,
    renderHistory: ({ number, author, text }, place, viewer) =>
      `old ${where(place, viewer)}${number} ${author.name} ${text}`,
    refuse: (refusal) => `no ${refusal.type}`,
    refuseBytes: (reason) => `bad ${reason}`,
    open: (peer) => lineSession(peer, later, showing),
  };
}

/** What every line about a room begins with: nothing for the lobby, `#group ` or `@other `. */
function where(place: Place, viewer: PersonId | null): string {
  if (place.type === 'group') return place.lobby ? '' : `#${place.name} `;
  return `@${viewer === null ? '?' : otherOf(place, viewer).name} `;
}

function render(event: Event, viewer: PersonId | null): string | null {
  switch (event.type) {
    case 'message-posted':
      return `new ${where(event.place, viewer)}${event.message.number} ${event.message.author.name} ${event.message.text}`;
    case 'message-edited':
      return `edited ${where(event.place, viewer)}${event.message.number} ${event.message.text}`;
    case 'message-deleted':
      return `deleted ${where(event.place, viewer)}${event.message.number}`;
    case 'person-renamed':
      return `renamed ${event.before} ${event.person.name}`;
    case 'person-left':
      return event.departure.type === 'stopped' ? null : `left ${event.person.name} ${event.departure.type}`;
    default:
      return null;
  }
}

/** `people name=status` with `+` behind a friend and `-` behind somebody else, `groups name=member,member`. */
function renderNotice(notice: Notice): string {
  if (notice.type === 'people')
    return `people ${notice.people.map(({ name, status, friend }) => `${name}=${status.text ?? status.presence}${friend === null ? '' : friend ? '+' : '-'}`).join(' ')}`;
  return `groups ${notice.groups.map(({ name, members }) => `${name}=${members.join(',')}`).join(' ')}`;
}

function lineDecoder(): Decoder<string> {
  let rest = '';
  let form: Form = 'plain';
  return {
    get form() {
      return form;
    },
    *push(bytes): Iterable<Decoded<string>> {
      const lines = (rest + decoder.decode(bytes)).split('\n');
      rest = lines.pop() ?? '';
      for (const whole of lines) {
        if (whole.startsWith('[')) form = 'wrapped';
        const line = whole.replace(/^\[(.*)\]$/, '$1');
        if (line.startsWith('!')) yield { ok: false, reason: line.slice(1), fatal: line === '!fatal' };
        else yield { ok: true, message: line };
      }
    },
  };
}

function lineSession(peer: Peer, later: Later, showing: Showing): Session<string, string> {
  const reachable = showing.direct !== null;
  const lobby = showing.rooms === 'lobby';
  return {
    receive: (line, answer) => {
      const [verb = '', first = '', ...words] = line.split(' ');
      const tail = words.join(' ');
      const rest = words.length === 0 ? first : `${first} ${tail}`;
      const done = (result: { ok: boolean; error?: { type: string } }) =>
        answer(result.ok ? 'ok' : `no ${result.error?.type}`);
      const entered = (result: { ok: boolean }) => {
        done(result);
        if (result.ok) peer.show(showing);
      };
      const isHere = peer.person !== null;
      const post = (text: string) => ({ text, clientTime: null });
      switch (verb) {
        case 'enter':
          return peer.enter(first, { reachable, lobby, status: tail || null }, entered);
        case 'login':
          return peer.login(
            first,
            { form: 'plain', value: tail || first },
            { reachable, lobby, status: null },
            entered,
          );
        case 'resume':
          return peer.resume(first, tail, { reachable, lobby, status: null }, (result) => {
            const isNew = peer.person !== null && !isHere;
            done(result);
            if (result.ok && isNew) peer.show(showing);
          });
        case 'token':
          return peer.issueToken((result) => answer(result.ok ? result.value : `no ${result.error.type}`));
        case 'bye':
          return peer.signOut(done);
        case 'register':
          return peer.register(first, null, { form: 'plain', value: tail || first }, done);
        case 'say':
          return peer.speak({ type: 'lobby', post: post(rest) }, done);
        case 'direct':
        case 'group':
          return peer.speak({ type: verb, to: first, post: post(tail) }, (result) =>
            answer(!result.ok ? `no ${result.error.type}` : result.value.delivered ? 'ok' : 'stored'),
          );
        case 'edit':
          return peer.speak({ type: 'edit', message: first, text: tail }, done);
        case 'delete':
          return peer.speak({ type: 'delete', message: first }, done);
        case 'rename':
          return peer.rename(rest, done);
        case 'password':
          return peer.change(
            { type: 'password', old: { form: 'plain', value: first }, fresh: { form: 'plain', value: tail } },
            done,
          );
        case 'status':
          return peer.change({ type: 'status', text: rest }, done);
        case 'create':
          return peer.change({ type: 'create-group', name: first, displayName: null }, done);
        case 'join':
          return peer.change({ type: 'join-group', name: first }, done);
        case 'part':
          return peer.change({ type: 'leave-group', name: first }, done);
        case 'friend':
        case 'unfriend':
          return peer.change({ type: 'contact', name: first, on: verb === 'friend' }, done);
        case 'block':
        case 'unblock':
          return peer.change({ type: 'block', name: first, on: verb === 'block' }, done);
        case 'who':
          return answer(peer.present().join(' '));
        case 'secure':
          return answer(`${peer.secure}`);
        case 'card':
          return answer(peer.users([first]).map((card) => `${card?.name} ${card?.friend}`));
        case 'past':
          return peer.history('user', first, null, 50, (result) =>
            answer(result.ok ? result.value.messages.map(({ text }) => text).join(' ') : `no ${result.error.type}`),
          );
        case 'look':
          return peer.groups([first, ...words], (result) =>
            answer(result.ok ? result.value.map((view) => `${view?.name}`).join(' ') : `no ${result.error.type}`),
          );
        case 'groups':
          return peer.ownGroups((result) =>
            answer(result.ok ? result.value.map(({ name }) => name).join(' ') : `no ${result.error.type}`),
          );
        case 'ping':
          return answer(peer.mayPing() ? 'pong' : 'no pong');
        case 'later':
          later.set(rest, answer);
          return;
        case 'several':
          return answer([first, ...words]);
        case 'leave':
          answer(null);
          return peer.leave();
        default:
          answer(`what is ${verb}`);
      }
    },
  };
}
