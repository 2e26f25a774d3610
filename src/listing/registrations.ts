import type { Clock, Ids } from '../core/ports.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { defaultAddress, parseListedAddress } from './address.ts';
import type { Directory } from './directory.ts';
import { isFit, isKey, keyDigest, newKey } from './keys.ts';
import { isVisible, type ListedServer, type Properties, seen } from './listed-server.ts';
import { PING_MS, type PingResult } from './ping/ping.ts';
import { DEFAULTS, readProperties, type ServerStatus } from './schema.ts';

/** Who asks: as limits count it, and its IP address if that is known. */
export type Caller = { readonly address: string; readonly ip: string | null };

/** Why a request is refused. */
export type ListingRefusal =
  | { readonly type: 'not-listed' | 'wrong-key' | 'bad-id' | 'no-answer' | 'full' | 'unavailable' }
  | { readonly type: 'bad-properties'; readonly reason: string }
  | { readonly type: 'too-many-pings'; readonly retryAfterMs: number };

type Target = { readonly address: string; readonly id: number };

/** What the registrations need. */
export type RegistrationOptions = {
  readonly directory: Directory;
  /** Pings a server for a caller. */
  readonly ping: (target: Target, caller: string) => Promise<PingResult>;
  /** A server was pinged, and is listed with what came of it. */
  readonly pinged: (id: number) => void;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'identity'>;
};

/** What servers ask of the directory, each for its own entry. */
export class Registrations {
  readonly #directory: Directory;
  readonly #ping: RegistrationOptions['ping'];
  readonly #pinged: RegistrationOptions['pinged'];
  readonly #clock: Clock;
  readonly #ids: RegistrationOptions['ids'];

  constructor({ directory, ping, pinged, clock, ids }: RegistrationOptions) {
    this.#directory = directory;
    this.#ping = ping;
    this.#pinged = pinged;
    this.#clock = clock;
    this.#ids = ids;
  }

  /** Lists a server, or writes an entry anew; the value is its key. `id` is null if the URL has no integer. */
  async register(
    caller: Caller,
    id: number | null,
    key: string | null,
    body: string,
  ): Promise<Result<string, ListingRefusal>> {
    if (id === null) return err({ type: 'bad-id' }); // LIST-05
    const isOthers = () => {
      const listed = this.#directory.get(id);
      return listed !== undefined && !isKey(key, listed.keyDigest);
    };
    if (isOthers()) return err({ type: 'wrong-key' }); // LIST-06
    const given = readProperties(body);
    if (typeof given === 'string') return err({ type: 'bad-properties', reason: given });
    const address = given.address ?? (caller.ip === null ? null : defaultAddress(caller.ip)); // LIST-04
    if (address === null) return err({ type: 'bad-properties', reason: 'address is missing, and yours is not known' });
    const properties = canonical({ ...DEFAULTS, ...given, address }); // LIST-04
    if (properties === null) return err(BAD_ADDRESS);
    const pinged = await this.#reach({ address: properties.address, id }, caller); // LIST-02
    if (!pinged.ok) return pinged;
    if (isOthers()) return err({ type: 'wrong-key' }); // Somebody else was faster.
    const listed = this.#directory.get(id);
    const isKept = key !== null && (listed !== undefined || isFit(key)); // LIST-24
    const usedKey = isKept ? key : newKey(this.#ids);
    const now = this.#clock.now();
    const isUp = listed !== undefined && isVisible(listed);
    const server: ListedServer = {
      ...properties,
      ...seen(pinged.value, now),
      id,
      keyDigest: keyDigest(usedKey),
      listedAt: listed?.listedAt ?? now,
      upSince: isUp ? listed.upSince : now,
    };
    return this.#list(server, usedKey);
  }

  /** Changes some properties of a listed server. */
  async update(
    caller: Caller,
    id: number | null,
    key: string | null,
    body: string,
  ): Promise<Result<null, ListingRefusal>> {
    const owned = () => this.#owned(id, key, 'wrong-key');
    const before = owned();
    if (!before.ok) return before; // LIST-07
    const given = readProperties(body);
    if (typeof given === 'string') return err({ type: 'bad-properties', reason: given });
    const properties = canonical({ ...before.value, ...given });
    if (properties === null) return err(BAD_ADDRESS);
    const { address } = properties;
    if (address === before.value.address) return this.#put({ ...before.value, ...properties }, null);
    const pinged = await this.#reach({ address, id: before.value.id }, caller); // LIST-08
    if (!pinged.ok) return pinged;
    const current = owned(); // Other changes may have come meanwhile.
    if (!current.ok) return current;
    const { serverName, connectedUsers, maxUsers } = { ...current.value, ...given };
    return this.#list(
      { ...current.value, serverName, connectedUsers, maxUsers, address, ...seen(pinged.value, this.#clock.now()) },
      null,
    );
  }

  /** Removes a listed server, and its key with it. */
  async remove(id: number | null, key: string | null): Promise<Result<null, ListingRefusal>> {
    const owned = this.#owned(id, key, 'not-listed'); // LIST-09
    return owned.ok ? this.#write({ drop: owned.value.id }, null) : owned;
  }

  /** What only the owner is told of an entry. */
  status(id: number | null, key: string | null): Result<ServerStatus, ListingRefusal> {
    const owned = this.#owned(id, key, 'wrong-key');
    if (!owned.ok) return owned; // LIST-13
    const { serverName: displayName, address, connectedUsers, maxUsers, misses, seenAt } = owned.value;
    const problem = misses === 0 ? null : `no valid answer to the last ${misses === 1 ? 'ping' : `${misses} pings`}`; // LIST-73
    const visible = isVisible(owned.value);
    const lastSeen = new Date(seenAt).toISOString();
    return ok({ id: owned.value.id, displayName, address, connectedUsers, maxUsers, visible, seen: lastSeen, problem });
  }

  /** The entry of this key; an id that is not listed is refused as `unlisted` says. */
  #owned(
    id: number | null,
    key: string | null,
    unlisted: 'not-listed' | 'wrong-key',
  ): Result<ListedServer, ListingRefusal> {
    const listed = id === null ? undefined : this.#directory.get(id);
    if (listed === undefined) return err({ type: unlisted });
    return isKey(key, listed.keyDigest) ? ok(listed) : err({ type: 'wrong-key' });
  }

  /** Pings for a caller. What cannot be reached is refused after the same time, whatever the reason. */
  async #reach(target: Target, caller: Caller): Promise<Result<Good, ListingRefusal>> {
    const padded = new Promise<void>((done) => this.#clock.after(PING_MS, done));
    const result = await this.#ping(target, caller.address);
    if (result.type === 'good') return ok(result);
    if (result.type === 'later') return err({ type: 'too-many-pings', retryAfterMs: result.retryAfterMs });
    await padded; // LIST-15
    return err({ type: 'no-answer' });
  }

  /** Writes a server that was pinged just now. */
  async #list<V>(server: ListedServer, value: V): Promise<Result<V, ListingRefusal>> {
    const before = this.#directory.get(server.id);
    const isMoved = before?.targets.join() !== server.targets.join();
    if (isMoved && !this.#directory.hasRoomAt(server.targets)) return err({ type: 'full' }); // LIST-17
    const written = await this.#put(server, value);
    if (written.ok) this.#pinged(server.id);
    return written;
  }

  async #put<V>(server: ListedServer, value: V): Promise<Result<V, ListingRefusal>> {
    return this.#directory.hasRoomFor(server) ? this.#write({ put: server }, value) : err({ type: 'full' }); // LIST-16
  }

  async #write<V>(change: Parameters<Directory['change']>[0], value: V): Promise<Result<V, ListingRefusal>> {
    return this.#directory.change(change).then(
      () => ok(value),
      () => err({ type: 'unavailable' } as const), // LIST-14
    );
  }
}

type Good = Extract<PingResult, { readonly type: 'good' }>;

const BAD_ADDRESS: ListingRefusal = {
  type: 'bad-properties',
  reason: 'address must be host:port, with an IPv4 address, an [IPv6 address] or a name as host',
};

/** The properties with the address as it is stored; null if it is none. */
function canonical(properties: Properties): Properties | null {
  const address = parseListedAddress(properties.address)?.text;
  if (address === undefined) return null;
  const { serverName, connectedUsers, maxUsers } = properties;
  return { serverName, address, connectedUsers, maxUsers };
}
