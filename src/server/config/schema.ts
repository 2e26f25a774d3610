import { type Static, type TSchema, Type } from 'typebox';
import { parseRange } from '../../transports/address-ranges.ts';
import { protocols } from '../../protocols/index.ts';
import { parseOrigin } from '../../transports/accept/origin.ts';
import { FONT_FAMILY } from '../../protocols/tagged/font-family.ts';
import { serviceUrl } from '../../listing/client/service-url.ts';
import { parseListedAddress } from '../../listing/address.ts';
import { isBus, isStorage } from './services.ts';

/** The default data directory, relative to the working directory. */
export const DEFAULT_DATA = './data';

const closed = { additionalProperties: false };
const port = { minimum: 0, maximum: 65_535 };
const count = { minimum: 1, maximum: 1_000_000 };
const seconds = { minimum: 1, maximum: 86_400 };
const path = { minLength: 1, path: true, expects: 'a path' };

function isOrigin(text: string): boolean {
  return parseOrigin(text) !== null;
}

function isRange(text: string): boolean {
  return parseRange(text) !== null;
}

function isListedAddress(text: string): boolean {
  return parseListedAddress(text) !== null; // SERVER-219
}

function isServiceUrl(text: string): boolean {
  return serviceUrl(text) !== null;
}

function integer(description: string, initial: number, bounds: { minimum: number; maximum: number } = count) {
  return Type.Integer({ ...bounds, default: initial, description });
}

function flag(description: string, initial = false) {
  return Type.Boolean({ default: initial, description });
}

/** One of some words; the first is the default. */
function choice<W extends string>(words: readonly [W, ...W[]], description: string) {
  const expects = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return Type.Enum(words, { default: words[0], expects, description });
}

function ownPort(name: string, description: string): TSchema {
  return Type.Optional(Type.Integer({ ...port, flag: `${name}-port`, description }));
}

const ownPorts: Record<string, TSchema> = {
  ...Object.fromEntries(protocols.map(({ name }) => [name, ownPort(name, `A port for ${name} alone.`)])),
  zeromq: ownPort('zeromq', 'A port for ZeroMQ alone, without TLS and WebSockets; its clients speak msgpack.'),
};

/**
 * Every option. Besides JSON Schema's fields: `flag` is the name of the flag if it does not follow from the key, `path` marks a
 * path, `secret` a value that may have a password in it, and `expects` describes the valid values.
 */
export const configSchema = Type.Object(
  {
    port: integer('The port for all protocols; 0 takes any free one.', 5000, port),
    host: Type.String({
      minLength: 1,
      default: '::',
      expects: 'an address of this machine',
      description: 'The address to listen on; `::` is every address of this machine, including those of IPv4.',
    }),
    data: Type.String({
      ...path,
      default: DEFAULT_DATA,
      description: 'The directory for everything that the server stores.',
    }),
    storage: Type.Refine(
      Type.String({
        default: 'sqlite',
        secret: true,
        expects: 'sqlite, or a URL such as postgres://parlance@db.example.org/parlance',
        description:
          'Where people, rooms and messages are: in the data directory (`sqlite`), or in a PostgreSQL that many nodes share. A URL with a password belongs in the file or the environment, because everybody on this machine can see flags.',
      }),
      isStorage,
    ),
    bus: Type.Refine(
      Type.String({
        default: 'memory',
        secret: true,
        expects: 'memory, or a URL such as nats://nats.example.org',
        description:
          'How nodes that share a storage tell each other what happens at once: by NATS, whose servers are separated by commas. Without it (`memory`) a node shows what was said on another up to a second later, and not who is there.',
      }),
      isBus,
    ),
    name: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: '^[^\\p{C}\\p{Zl}\\p{Zp}]+$',
      default: 'Parlance',
      expects: '1 to 64 printable characters',
      description: 'The name of the server, as people see it.',
    }),
    lobby: Type.String({
      default: 'lobby',
      expects: 'a name',
      description: 'The name of the lobby. With another name, another room is the lobby.',
    }),
    history: integer('How many of the last messages of the lobby newcomers see.', 50, { minimum: 0, maximum: 1_000 }),
    codechat_history: integer('The same for codechat, whose clients expect none.', 0, { minimum: 0, maximum: 1_000 }),
    allow_origins: Type.Array(Type.Refine(Type.String(), isOrigin), {
      default: [],
      flag: 'allow-origin',
      expects:
        'origins such as https://chat.example.org, https://*.example.org, capacitor://localhost, file:// or null',
      description:
        'Web pages of these origins may connect, as those of this server can; `null` is every page without an origin, such as one in a sandbox.',
    }),
    public_hosts: Type.Array(Type.String({ pattern: '^[a-z0-9.-]+$' }), {
      default: [],
      flag: 'public-host',
      expects: 'host names in lower case, without ports',
      description:
        'Names by which browsers reach this server without TLS or through a proxy, besides its addresses and local names.',
    }),
    trusted_proxies: Type.Array(Type.Refine(Type.String(), isRange), {
      default: [],
      flag: 'trusted-proxy',
      expects: 'addresses or ranges such as 192.0.2.7 or 10.0.0.0/8',
      description: 'Proxies in front of this server: what they say of their clients counts, as docs/proxy.md explains.',
    }),
    listing: Type.Optional(
      Type.Refine(
        Type.String({
          expects: 'the URL of a listing service, such as https://listing.example.org',
          description: 'The public directory in which this server lists itself.',
        }),
        isServiceUrl,
      ),
    ),
    public_address: Type.Optional(
      Type.Refine(
        Type.String({
          expects: 'a host and a port, such as chat.example.org:5000, 192.0.2.7:5000 or [2001:db8::7]:5000',
          description:
            'Where everybody reaches this server, for the directory. Without it the directory takes the address from which it is asked, and port 5000.',
        }),
        isListedAddress,
      ),
    ),
    listing_port: Type.Optional(
      Type.Integer({
        ...port,
        description: 'A port for a directory of servers that this server runs beside the chat.',
      }),
    ),
    listing_allow_private: flag('Let that directory also list servers in private networks and on this machine.'),
    web: flag(
      'Serve the web client to browsers at `/`; otherwise they see the page that other programs see there.',
      true,
    ),
    public_metrics: flag('Let other machines read /metrics too.'),
    registration: choice(
      ['open', 'closed'],
      'Who may make an account: everybody, or only the operator with `parlance admin user create`.',
    ),
    accounts_join_lobby: flag(
      'Make new accounts members of the lobby; a guest who registers always becomes one.',
      true,
    ),
    tagged_logins: choice(
      ['on', 'tls', 'off'],
      'Where tagged clients may send the hash of a password: everywhere, only over TLS or from this machine, or nowhere. The hash can be used like the password.',
    ),
    private_lines: flag(
      'Show direct messages on c2 and codechat, which have none, as lines that begin with `(private)`; otherwise they wait for another client.',
      true,
    ),
    tls: Type.Object(
      {
        cert: Type.Optional(Type.String({ ...path, description: 'The file with the certificate chain (PEM).' })),
        key: Type.Optional(Type.String({ ...path, description: 'The file with its private key (PEM).' })),
      },
      closed,
    ),
    ports: Type.Object(ownPorts, closed),
    limits: Type.Object(
      {
        connections_per_address: integer('Connections from one address at the same time.', 64),
        strangers_per_address: integer('Of those, connections on which nobody has logged in yet.', 64),
        new_per_minute: integer('New connections from one address per minute.', 64),
        messages_per_second: integer('Messages, edits and deletions of one person per second, on average.', 10),
        messages_burst: integer('How many of them may come at once.', 30),
        renames_per_minute: integer(
          'Changes of name, display name and status, and new tokens, of one person per minute, on average.',
          30,
        ),
        renames_burst: integer('How many of them may come at once.', 3),
        searches_per_second: integer('Searches of one person per second, on average.', 2),
        searches_burst: integer('How many of them may come at once.', 20),
        requests_per_second: integer('Requests of any kind on one connection per second, on average.', 50),
        requests_burst: integer('How many of them may come at once.', 200),
        pings_per_second: integer('Pings without login from one address per second.', 10),
        registrations_per_hour: integer('Accounts that one address may ask for in an hour.', 5),
        loopback: flag('Apply these limits to connections from this machine too.'),
      },
      closed,
    ),
    deadlines: Type.Object(
      {
        first_byte_seconds: integer(
          'How long a stream on the port for everything may take until its protocol is known.',
          30,
          seconds,
        ),
        login_seconds: integer('How long a connection may take to log in; a ping starts this time again.', 60, seconds),
        ping_seconds: integer('How often WebSockets and ZeroMQ peers are pinged.', 20, seconds),
        silence_seconds: integer(
          'WebSockets and ZeroMQ peers that are silent for this long are disconnected.',
          60,
          seconds,
        ),
      },
      closed,
    ),
    files: Type.Object(
      {
        directory: Type.Optional(
          Type.String({
            ...path,
            flag: 'files',
            description:
              'A directory for files and pictures that all nodes share. Without it they are in PostgreSQL, if that is the storage, else in the data directory.',
          }),
        ),
        max_mebibytes: integer('How large a file that somebody sends may be, in MiB.', 25),
        person_mebibytes: integer('How large all files of one person together may be, in MiB.', 1_024),
      },
      closed,
    ),
    waiting: Type.Object(
      {
        messages: integer(
          'How many messages wait for a person who is away; earlier ones are only in the history.',
          1_000,
        ),
        days: integer('How long they wait.', 30, { minimum: 1, maximum: 36_500 }),
      },
      closed,
    ),
    font: Type.Object(
      {
        family: Type.String({
          pattern: FONT_FAMILY,
          default: 'Segoe UI',
          expects: '1 to 40 letters of any script, digits, blanks and -',
          description: 'For clients that show fonts (tagged): the font of messages that name none.',
        }),
        color: Type.String({
          pattern: '^#[0-9A-Fa-f]{6}$',
          default: '#000000',
          expects: 'a colour such as #1a2b3c',
          description: 'Their colour.',
        }),
        style: Type.String({
          pattern: '^(?!.*(.).*\\1)[bius]*$',
          default: '',
          expects: 'any of the letters b, i, u and s, each once',
          description: 'Their style: bold, italic, underlined, struck out.',
        }),
      },
      closed,
    ),
    log: Type.Object(
      { level: choice(['info', 'warn', 'error'], 'The lowest level that is logged; info is everything.') },
      closed,
    ),
  },
  closed,
);

/** The configuration. Paths are absolute; times have their unit in the name. */
export type Config = Static<typeof configSchema>;
