import { type Platform, withDefaults } from '../lib/platform.ts';
import { type Entry, type EntryStatus, readEntries, readKey, readStatus } from './client/answers.ts';
import { ListingError } from './client/error.ts';
import { ask, type ListingRequest, type Transport } from './client/request.ts';
import { serviceUrl } from './client/service-url.ts';
import type { Properties } from './listed-server.ts';

export { ListingError };
export type { Entry, EntryStatus, Platform, Properties };

/** Both have defaults: the platform's own. */
export type Options = { readonly fetch?: typeof fetch; readonly platform?: Partial<Platform> };

/**
 * The client of a listing service. Each request is one HTTP request, which takes at most 15 s; it rejects with a
 * ListingError. Aborting `signal` gives a request up.
 */
export class ListingClient {
  readonly #servers: string;
  readonly #transport: Transport;

  /** `url` is where the service is, such as `https://listing.example.org`. Throws a TypeError if it is no such URL. */
  constructor(url: string, { fetch = globalThis.fetch, platform = {} }: Options = {}) {
    const service = serviceUrl(url);
    if (service === null) throw new TypeError(`not the URL of a listing service: ${url}`); // LIST-100
    this.#servers = `${service}/servers`;
    this.#transport = { fetch, after: withDefaults(platform).after };
  }

  /** All servers that the directory shows. */
  async list(signal?: AbortSignal): Promise<Entry[]> {
    return readEntries(await ask(this.#transport, { method: 'GET', url: this.#servers, signal }));
  }

  /**
   * Lists the server with this id, and resolves with the key for later changes. Properties that are not given get the
   * service's defaults. A server that is listed already needs its key, and keeps it.
   */
  async register(
    id: number,
    properties: Partial<Properties>,
    key: string | null = null,
    signal?: AbortSignal,
  ): Promise<string> {
    return readKey(await this.#ask('POST', id, { properties, key, signal }));
  }

  /** Changes the given properties. It is 401 if the server is not listed, or not under this key. */
  async update(id: number, key: string, properties: Partial<Properties>, signal?: AbortSignal): Promise<void> {
    await this.#ask('PUT', id, { properties, key, signal });
  }

  /** Removes the server from the directory. */
  async remove(id: number, key: string, signal?: AbortSignal): Promise<void> {
    await this.#ask('DELETE', id, { key, signal });
  }

  /** What the service knows of the server: whether it is shown, and if not, why. */
  async status(id: number, key: string, signal?: AbortSignal): Promise<EntryStatus> {
    return readStatus(await this.#ask('GET', id, { key, signal }));
  }

  #ask(
    method: ListingRequest['method'],
    id: number,
    rest: Omit<ListingRequest, 'method' | 'url'>,
  ): Promise<Uint8Array> {
    return ask(this.#transport, { method, url: `${this.#servers}/${id}`, ...rest });
  }
}
