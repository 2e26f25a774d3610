import type { PersonId } from '../../src/core/model/ids.ts';
import type { Client } from '../matrix/driver.ts';
import type { Fixture, Hidden } from './fixture.ts';

/** What a request needs to know of the client that sends it. */
export type Requester = Pick<Client, 'credentials'>;

/** What strangers may not know of, as requests name it: people, rooms and lists, and messages, the withheld one last. */
export type HiddenThings = { readonly things: readonly Hidden[]; readonly messages: readonly Hidden[] };

/** The requests of one protocol and what its answers may contain, for the privacy tests. */
export type ProtocolRequests = {
  readonly protocol: string;
  /** The types of all requests. */
  readonly types: readonly string[];
  /** Those that log in, log out or make an account: they are not replayed. */
  readonly authTypes: readonly string[];
  /** Those among `requests` that even Ann is refused, each with the reason. */
  readonly refused: { readonly [type: string]: string };
  /** Frames with every request of Ann but `authTypes`, with the credentials of the client that replays them. */
  requests(fixture: Fixture, requester: Requester): readonly string[];
  /** Given where requests name things by other ids than the other protocols: what strangers may not know of. */
  hidden?(fixture: Fixture): HiddenThings;
  /** Given where clients of this protocol can write in groups. */
  readonly groups?: {
    create(name: string, requester: Requester): string;
    join(name: string, requester: Requester): string;
  };
  /** Adds or removes a contact or a block; null where there is no request for that. */
  relationship?(
    kind: 'contact' | 'block',
    name: string,
    on: boolean,
    requester: Requester,
    ids: { readonly self: PersonId; readonly other: PersonId },
  ): string | null;
  typeOf(frame: string): string;
  isRefused(answer: string): boolean;
  /** Frames that the server cannot read; each holds `canary-broken`. */
  readonly malformed: readonly string[];
  /** The names of all fields in a frame of the server, or the type of the frame where fields have no names. */
  partsOf(frame: string): readonly string[];
  /** The parts that a client may be sent. */
  readonly parts: ReadonlySet<string>;
};

/** The names of all fields in a JSON text, at any depth. */
export function fieldsOf(frame: string): string[] {
  const names: string[] = [];
  JSON.parse(frame, (name, value: unknown) => {
    if (!/^\d*$/.test(name)) names.push(name);
    return value;
  });
  return names;
}
