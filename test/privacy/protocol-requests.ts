import type { Client } from '../matrix/driver.ts';
import type { Tenants } from './fixture.ts';

/** Whoever asks, as far as a request depends on it. */
export type Asker = Pick<Client, 'proof'>;

/** What the tests of privacy know of one protocol: all that it can be asked, and what stands in what it is sent. */
export type Asking = {
  readonly protocol: string;
  /** Every request that the protocol has. */
  readonly types: readonly string[];
  /** Those that log in or out, or make an account: they are nobody's to replay. */
  readonly comings: readonly string[];
  /** Those of `requests` that are refused to Ann too, each with the reason. */
  readonly vain: { readonly [type: string]: string };
  /** Everything that Ann asks, as it goes over the wire of the one who replays it; nothing of `comings` is in it. */
  requests(tenants: Tenants, asker: Asker): readonly string[];
  /** How groups are made and joined, where clients of this protocol can speak in one. */
  readonly groups?: {
    create(name: string, asker: Asker): string;
    join(name: string, asker: Asker): string;
  };
  /** Adds a contact or a block, or takes it away; null where there is no request for that. */
  readonly tie?: (kind: 'contact' | 'block', name: string, on: boolean, asker: Asker) => string | null;
  /** Which request it is. */
  typeOf(frame: string): string;
  isRefused(answer: string): boolean;
  /** What a server cannot read, or not so; each holds `canary-broken`. */
  readonly unreadable: readonly string[];
  /** What everything in a frame of the server is, by the names that the protocol has for it. */
  partsOf(frame: string): readonly string[];
  /** All that there may be. */
  readonly parts: ReadonlySet<string>;
};

/** The names of all fields of an object of JSON, however deep. */
export function fieldsOf(frame: string): string[] {
  const names: string[] = [];
  JSON.parse(frame, (name, value: unknown) => {
    if (!/^\d*$/.test(name)) names.push(name);
    return value;
  });
  return names;
}
