import { randomUUID } from 'node:crypto';
import type { PersonId, RoomId } from '../../src/core/model/ids.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { Done } from '../../src/core/services/context.ts';
import type { PostResult } from '../../src/core/services/messages.ts';
import type { World } from '../../src/core/world.ts';
import { type Operation, type Client, supports, type Driver } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import type { MatrixServer } from '../matrix/server.ts';

export const PASSWORD = 'geheim; sehr [geheim]';

/** A name or an id that Ben may not learn of, and one of the same length that does not exist. */
export type Hidden = { readonly real: string; readonly absent: string };

/** Ann and Fay have secrets. Ben replays Ann's requests and must learn nothing. */
export type Fixture = {
  readonly ann: string;
  readonly fay: string;
  readonly ben: string;
  /** A closed group of Ann and Fay. */
  readonly closed: Hidden;
  /** An open group of Ann and Fay. Ben may know of it, but not its messages. */
  readonly open: string;
  /** An invisible guest. */
  readonly ghost: Hidden;
  /** Ids of messages that Ben may not read: direct, in the closed group, in the open group, and withheld. */
  readonly messages: readonly Hidden[];
  /** The last of them: Fay, its receiver, blocked Ann at the time. */
  readonly withheld: Hidden;
  /** The rooms of the same messages, and their numbers there. */
  readonly places: readonly (readonly [RoomId, number])[];
  /** The ids of the people and rooms; `direct` is the one of Ann and Fay. */
  readonly ids: { readonly [P in 'ann' | 'fay' | 'ghost']: PersonId } & {
    readonly [R in 'closed' | 'direct' | 'open' | 'lobby']: RoomId;
  };
  /** Texts, names and ids that must not be sent to Ben. */
  readonly secrets: readonly string[];
};

/** For tests that only look at the types of requests. */
export const emptyFixture: Fixture = {
  ann: '',
  fay: '',
  ben: '',
  open: '',
  closed: { real: '', absent: '' },
  ghost: { real: '', absent: '' },
  messages: [{ real: '', absent: '' }],
  withheld: { real: '', absent: '' },
  places: [[0, 0]],
  ids: { ann: 0, fay: 0, ghost: 0, closed: 0, direct: 0, open: 0, lobby: 0 },
  secrets: [],
};

const NEEDED: readonly Operation[] = ['guest', 'register', 'sendToGroup', 'edit', 'setStatus'];

/** A protocol that supports all that the fixture needs. */
export const fullDriver: Driver =
  drivers.find((driver) => NEEDED.every((operation) => supports(driver, operation))) ??
  missing('protocol for all of it');

export async function createFixture(server: MatrixServer, driver: Driver): Promise<Fixture> {
  // Names whose skeletons are other words than the names.
  const names = { ann: 'Annabel01', fay: 'Fayette01', ben: 'Benedict01', ghost: 'Ghostly01' };
  for (const name of [names.ann, names.fay, names.ben]) await server.account(name, PASSWORD);
  const [ann, fay] = [await logIn(server, driver, names.ann), await logIn(server, driver, names.fay)];
  const ghost = await driver.connect(server);
  await ghost.enter(names.ghost);
  const ids = { ann: server.person(names.ann), fay: server.person(names.fay), ghost: server.person(names.ghost) };
  await ghost.setStatus('Offline');
  const closed = { real: 'Keller01', absent: 'Nobodys1' };
  const displayName = 'canary-closed-name';
  const room = await server.must<RoomId>((world, done) =>
    world.rooms.create(ids.ann, closed.real, displayName, true, done),
  );
  const open = 'Terrace01';
  const terrace = await server.must<RoomId>((world, done) => world.rooms.create(ids.ann, open, null, false, done));
  await server.must((world, done) => world.rooms.join(ids.fay, terrace, done));
  const post = (to: RoomId, text: string, clientTime: number) =>
    server.must<Message>((world, done) => world.messages.post(ids.ann, to, { text, clientTime }, done));
  const sendToFay = async (text: string, clientTime: number): Promise<Message> => {
    const ask = (world: World, done: Done<PostResult>) =>
      world.messages.direct(ids.ann, names.fay, { text, clientTime }, () => {}, done);
    return (await server.must(ask)).message;
  };
  const sent = [
    await sendToFay('canary-direct-text', 1),
    await post(room, 'canary-closed-text', 2),
    await post(terrace, 'canary-group-text', 3),
  ];
  await server.must((world, done) => world.relationships.set('block', ids.fay, names.ann, true, done));
  sent.push(await sendToFay('canary-withheld-text', 4));
  await server.must((world, done) => world.relationships.set('block', ids.fay, names.ann, false, done));
  for (const client of [ann, fay]) client.cut();
  const messages = sent.map(({ id }) => ({ real: id, absent: randomUUID() }));
  const places = sent.map(({ room: where, number }) => [where, number] as const);
  const direct = places[0]?.[0] ?? missing('direct');
  return {
    ...names,
    closed,
    open,
    ghost: { real: names.ghost, absent: 'Nobody001' },
    messages,
    withheld: messages.at(-1) ?? missing('withheld message'),
    places,
    ids: { ...ids, closed: room, direct, open: terrace, lobby: server.world.lobby },
    secrets: [
      ...messages.map(({ real }) => real),
      ...[room, direct, ids.ghost].map(String),
      displayName,
      'canary-direct-text',
      'canary-closed-text',
      'canary-group-text',
      'canary-withheld-text',
    ],
  };
}

function missing(what: string): never {
  throw new Error(`there is no ${what}`);
}

/** Connects a client and logs in to an account of these tests. */
export async function logIn(server: MatrixServer, driver: Driver, name: string): Promise<Client> {
  const client = await driver.connect(server);
  await client.login(name, PASSWORD);
  return client;
}
