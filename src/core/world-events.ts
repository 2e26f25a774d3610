import type { EngineListener } from './engine/engine.ts';
import type { PublishBuffer } from './engine/publish-buffer.ts';
import type { TypingReport } from './model/bus-message.ts';
import type { Ban, Entry, Membership } from './model/entries.ts';
import { eventOf, recordOf } from './model/events.ts';
import { parseStream, roomStream, type StreamId } from './model/ids.ts';
import type { WorldObserver } from './observer.ts';
import type { Log } from './ports.ts';
import type { LocalSessions } from './presence/local-sessions.ts';
import type { ServiceContext } from './services/context.ts';
import type { History } from './services/history.ts';
import type { ReadPositions } from './services/read-positions.ts';
import type { Typing } from './services/typing.ts';

/** The services that learn of committed entries, and of what other nodes tell. */
type Listeners = {
  readonly sessions: LocalSessions;
  readonly history: History;
  readonly readPositions: ReadPositions;
  readonly typing: Typing;
};

/** Turns committed entries into events and other calls of the observer. */
export class WorldEvents implements EngineListener {
  readonly #context: ServiceContext;
  readonly #sessions: LocalSessions;
  readonly #history: History;
  readonly #readPositions: ReadPositions;
  readonly #typing: Typing;
  readonly #published: PublishBuffer;
  readonly #observer: WorldObserver;
  readonly #log: Log;

  constructor(
    context: ServiceContext,
    { sessions, history, readPositions, typing }: Listeners,
    observer: WorldObserver,
    log: Log,
  ) {
    this.#context = context;
    this.#sessions = sessions;
    this.#history = history;
    this.#readPositions = readPositions;
    this.#typing = typing;
    this.#published = context.engine.published;
    this.#observer = observer;
    this.#log = log;
  }

  publish(): void {
    this.#published.publish(this.#observer);
  }

  committed(entry: Entry): void {
    const { body } = entry;
    const { kind, id } = parseStream(entry.stream);
    if (kind === 'room') {
      const event = eventOf(entry, this.#history.conversation(id));
      if (event !== null) this.#published.add(this.#history.shown(event)); // WORLD-27 WORLD-170
      return;
    }
    const record = recordOf(entry);
    if (record !== null) this.#published.record(record); // WORLD-160
    switch (body.type) {
      case 'ban-set': {
        const { ban } = body;
        if (ban.address === true) return this.#tell((observer) => observer.addressBanned(ban)); // WORLD-130
        return this.#removeBanned(ban); // WORLD-31
      }
      case 'account-deleted':
        return this.#sessions.removeNow(body.account.person, { type: 'left' }); // WORLD-121
      case 'account-created':
        return this.#sessions.promote(body.account); // WORLD-52
      case 'room-read':
        return this.#readPositions.moved({ person: body.person, room: body.room, number: body.number }); // WORLD-164
      case 'room-joined':
        return this.#joined(body.membership); // WORLD-88
      case 'password-set':
        if (body.replaces === null) return;
        return this.#tell((observer) => observer.credentialsRevoked(body.person, null)); // WORLD-97
      case 'token-revoked':
        if (body.why !== 'asked') return;
        return this.#tell((observer) => observer.credentialsRevoked(body.person, body.digest)); // WORLD-98
      default:
        return;
    }
  }

  /** A loaded stream may hold changes that no event announced. */
  loaded(stream: StreamId, position: number): void {
    const { kind, id } = parseStream(stream);
    if (kind === 'room') return this.#observer.resync(id, position);
    if (kind === 'person') this.#readPositions.loaded(this.#context.committed.person(id)); // WORLD-164
    this.#observer.reloaded(stream); // WORLD-161
    if (kind === 'person') this.#observer.credentialsRevoked(id, null); // WORLD-97
    if (kind === 'directory') this.#context.processor.enqueueEphemeral(() => this.#enforceBans()); // CONN-174
  }

  typed(report: TypingReport): void {
    this.#typing.reported(report);
  }

  #tell(run: (observer: WorldObserver) => void): void {
    this.#published.afterPublish(() => run(this.#observer));
  }

  /**
   * A person of this node joined a room. If the room is in memory, its own entry makes the event; else the messages since the
   * join are delivered (WORLD-88).
   */
  #joined({ person, room, other, since }: Membership): void {
    const { cache, cluster, storage } = this.#context;
    if (this.#context.room(room) !== undefined || cluster.reported(person) === null) return;
    const deliver = async () => {
      const before = since === 0 ? undefined : (await storage.page(room, since + 1, 1)).messages[0];
      this.#observer.roomJoined(person, room, other !== null, before?.position ?? 0, since);
    };
    cache.use([roomStream(room)], deliver).catch(() => this.#log.warn('storage-unavailable'));
  }

  /** The directory was loaded: a ban may be among what no entry announced. */
  #enforceBans(): void {
    const { directory, clock } = this.#context;
    for (const ban of directory?.bans.values() ?? []) {
      if (ban.until !== null && ban.until <= clock.now()) continue;
      if (ban.address === true)
        this.#tell((observer) => observer.addressBanned(ban)); // CONN-174
      else this.#removeBanned(ban); // CONN-174
    }
  }

  /** Every node removes its own people. */
  #removeBanned({ skeleton, reason }: Ban): void {
    const holder = this.#context.presence.holderOf(skeleton);
    if (holder !== undefined) this.#sessions.removeNow(holder.person, { type: 'removed', reason });
  }
}
