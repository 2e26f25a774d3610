import type { RosterUpdate, SessionApi, SubscriptionOptions } from '../src/connections/session/session-api.ts';
import type { Decoded } from '../src/connections/decoded.ts';
import type { Decoder, Encoding, ProtocolSession, ProtocolAdapter } from '../src/connections/protocol-adapter.ts';
import type { Event } from '../src/core/model/events.ts';
import type { PersonId } from '../src/core/model/ids.ts';
import { otherOf, type Conversation } from '../src/core/model/conversation.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** By KEY, functions that send the reply to a request `later KEY`, for the test to call. */
export type ManualReplies = Map<string, (answer: string) => void>;

export type LineOptions = Partial<SubscriptionOptions> & {
  readonly replies?: ManualReplies;
  readonly showsChangesAsMessages?: boolean;
  readonly showsOwnMoves?: boolean;
  readonly showsEntering?: boolean;
  /** Protocols of different names share no bytes. */
  readonly name?: string;
};

/**
 * The smallest protocol, for tests of `connections/`: requests and replies are lines of words (see `lineSession`). By default
 * it subscribes to the lobby with its last 50 messages, and to direct messages. After a request in `[]` all lines to the
 * client are in `[]` too.
 */
export function lineProtocol(options: LineOptions = {}): ProtocolAdapter<string, string> {
  const { replies = new Map(), showsChangesAsMessages = false, showsOwnMoves = true, ...others } = options;
  const { showsEntering = false, name = showsChangesAsMessages ? 'lines' : 'line', ...more } = others;
  const subscription: SubscriptionOptions = {
    rooms: 'lobby',
    history: 50,
    ownMessages: 'all',
    direct: 'all',
    rosterUpdates: false,
    ...more,
  };
  return {
    name,
    decoder: () => lineDecoder(),
    encode: (message, _, encoding) => encoder.encode(`${encoding === 'plain' ? message : `[${message}]`}\n`),
    showsOwnMoves,
    showsChangesAsMessages,
    render: (event, viewer) =>
      event.type === 'person-entered' && showsEntering ? `entered ${event.person.name}` : render(event, viewer),
    renderFarewell: (person, departure) => render({ type: 'person-left', person, departure }, null),
    renderRosterUpdate,
    renderHistory: ({ number, author, text }, conversation, viewer) =>
      `old ${prefixOf(conversation, viewer)}${number} ${author.name} ${text}`,
    refuse: (refusal) => `no ${refusal.type}`,
    refuseBytes: (reason) => `bad ${reason}`,
    openSession: (api) => lineSession(api, replies, subscription),
  };
}

/** The beginning of a line about a room: nothing for the lobby, `#group ` or `@other `. */
function prefixOf(conversation: Conversation, viewer: PersonId | null): string {
  if (conversation.type === 'group') return conversation.lobby ? '' : `#${conversation.name} `;
  return `@${viewer === null ? '?' : otherOf(conversation, viewer).name} `;
}

function render(event: Event, viewer: PersonId | null): string | null {
  switch (event.type) {
    case 'message-posted':
      return `new ${prefixOf(event.conversation, viewer)}${event.message.number} ${event.message.author.name} ${event.message.text}`;
    case 'message-edited':
      return `edited ${prefixOf(event.conversation, viewer)}${event.message.number} ${event.message.text}`;
    case 'message-deleted':
      return `deleted ${prefixOf(event.conversation, viewer)}${event.message.number}`;
    case 'person-renamed':
      return `renamed ${event.before} ${event.person.name}`;
    case 'person-left':
      return event.departure.type === 'stopped' ? null : `left ${event.person.name} ${event.departure.type}`;
    default:
      return null;
  }
}

/** `people name=status`, with `+` for a contact and `-` for others, or `groups name=member,member`. */
function renderRosterUpdate(update: RosterUpdate): string {
  if (update.type === 'people')
    return `people ${update.people.map(({ name, status, isContact }) => `${name}=${status.text ?? status.presence}${isContact === null ? '' : isContact ? '+' : '-'}`).join(' ')}`;
  return `groups ${update.groups.map(({ name, members }) => `${name}=${members.join(',')}`).join(' ')}`;
}

function lineDecoder(): Decoder<string> {
  let rest = '';
  let encoding: Encoding = 'plain';
  return {
    get encoding() {
      return encoding;
    },
    *push(bytes): Iterable<Decoded<string>> {
      const lines = (rest + decoder.decode(bytes)).split('\n');
      rest = lines.pop() ?? '';
      for (const whole of lines) {
        if (whole.startsWith('[')) encoding = 'wrapped';
        const line = whole.replace(/^\[(.*)\]$/, '$1');
        if (line.startsWith('!')) yield { ok: false, reason: line.slice(1), fatal: line === '!fatal' };
        else yield { ok: true, message: line };
      }
    },
  };
}

function lineSession(
  api: SessionApi,
  replies: ManualReplies,
  subscription: SubscriptionOptions,
): ProtocolSession<string, string> {
  const acceptsDirect = subscription.direct !== null;
  const lobby = subscription.rooms === 'lobby';
  return {
    receive: (line, answer) => {
      const [verb = '', first = '', ...words] = line.split(' ');
      const tail = words.join(' ');
      const rest = words.length === 0 ? first : `${first} ${tail}`;
      const done = (result: { ok: boolean; error?: { type: string } }) =>
        answer(result.ok ? 'ok' : `no ${result.error?.type}`);
      const entered = (result: { ok: boolean }) => {
        done(result);
        if (result.ok) api.subscribe(subscription);
      };
      const wasLoggedIn = api.person !== null;
      const post = (text: string) => ({ text, clientTime: null });
      switch (verb) {
        case 'enter':
          return api.enter(first, { acceptsDirect, lobby, status: tail || null }, entered);
        case 'login':
          return api.login(
            first,
            { type: 'plain', value: tail || first },
            { acceptsDirect, lobby, status: null },
            entered,
          );
        case 'resume':
          return api.resume(first, tail, { acceptsDirect, lobby, status: null }, (result) => {
            const isNew = api.person !== null && !wasLoggedIn;
            done(result);
            if (result.ok && isNew) api.subscribe(subscription);
          });
        case 'token':
          return api.issueToken((result) => answer(result.ok ? result.value : `no ${result.error.type}`));
        case 'bye':
          return api.signOut(done);
        case 'register':
          return api.register(first, null, { type: 'plain', value: tail || first }, done);
        case 'say':
          return api.send({ type: 'lobby', post: post(rest) }, done);
        case 'direct':
        case 'group':
          return api.send({ type: verb, to: first, post: post(tail) }, (result) =>
            answer(!result.ok ? `no ${result.error.type}` : result.value.delivered ? 'ok' : 'stored'),
          );
        case 'edit':
          return api.send({ type: 'edit', message: first, text: tail }, done);
        case 'delete':
          return api.send({ type: 'delete', message: first }, done);
        case 'rename':
          return api.rename(rest, done);
        case 'password':
          return api.changeSettings(
            { type: 'password', old: { type: 'plain', value: first }, fresh: { type: 'plain', value: tail } },
            done,
          );
        case 'status':
          return api.changeSettings({ type: 'status', text: rest }, done);
        case 'create':
          return api.changeSettings({ type: 'create-group', name: first, displayName: null }, done);
        case 'join':
          return api.changeSettings({ type: 'join-group', name: first }, done);
        case 'part':
          return api.changeSettings({ type: 'leave-group', name: first }, done);
        case 'contact':
        case 'uncontact':
          return api.changeSettings({ type: 'contact', name: first, on: verb === 'contact' }, done);
        case 'block':
        case 'unblock':
          return api.changeSettings({ type: 'block', name: first, on: verb === 'block' }, done);
        case 'who':
          return answer(api.presentNames().join(' '));
        case 'secure':
          return answer(`${api.secure}`);
        case 'profile':
          return answer(api.profiles([first]).map((profile) => `${profile?.name} ${profile?.isContact}`));
        case 'history':
          return api.history('user', first, null, 50, (result) =>
            answer(result.ok ? result.value.messages.map(({ text }) => text).join(' ') : `no ${result.error.type}`),
          );
        case 'search':
          return api.search(
            { text: rest, kinds: ['account', 'message'], room: null, author: null, before: null, limit: 50 },
            (result) => {
              if (!result.ok) return answer(`no ${result.error.type}`);
              const { people, messages } = result.value;
              answer(
                [
                  ...people.map(({ name, presence }) => `${name}:${presence}`),
                  ...messages.map(({ text }) => text),
                ].join(' '),
              );
            },
          );
        case 'info':
          return api.groups([first, ...words], (result) =>
            answer(result.ok ? result.value.map((view) => `${view?.name}`).join(' ') : `no ${result.error.type}`),
          );
        case 'groups':
          return api.ownGroups((result) =>
            answer(result.ok ? result.value.map(({ name }) => name).join(' ') : `no ${result.error.type}`),
          );
        case 'ping':
          return answer(api.mayPing() ? 'pong' : 'no pong');
        case 'later':
          replies.set(rest, answer);
          return;
        case 'several':
          return answer([first, ...words]);
        case 'leave':
          answer(null);
          return api.leave();
        default:
          answer(`what is ${verb}`);
      }
    },
  };
}
