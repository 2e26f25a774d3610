import { randomUUID } from 'node:crypto';
import { type Operation, type Client, supports, type Driver, type SentMessage } from '../matrix/driver.ts';
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
  await ghost.setStatus('Offline');
  const closed = { real: 'Keller01', absent: 'Nobodys1' };
  const displayName = 'canary-closed-name';
  const [person, other] = [server.person(names.ann), server.person(names.fay)];
  const room = await server.must<number>((world, done) =>
    world.rooms.create(person, closed.real, displayName, true, done),
  );
  const open = 'Terrace01';
  const terrace = await server.must<number>((world, done) => world.rooms.create(person, open, null, false, done));
  await server.must((world, done) => world.rooms.join(other, terrace, done));
  const direct = await ann.sendDirect(names.fay, 'canary-direct-text', 1);
  const post = { text: 'canary-closed-text', clientTime: 2 };
  const inClosed = await server.must<{ id: string }>((world, done) => world.messages.post(person, room, post, done));
  const inOpen = await ann.sendToGroup(open, 'canary-group-text', 3);
  await server.must((world, done) => world.relationships.set('block', other, names.ann, true, done));
  const withheld = await ann.sendDirect(names.fay, 'canary-withheld-text', 4);
  await server.must((world, done) => world.relationships.set('block', other, names.ann, false, done));
  for (const client of [ann, fay]) client.cut();
  const ids = [idOf(direct), inClosed.id, idOf(inOpen), idOf(withheld)];
  const messages = ids.map((real) => ({ real, absent: randomUUID() }));
  return {
    ...names,
    closed,
    open,
    ghost: { real: names.ghost, absent: 'Nobody001' },
    messages,
    withheld: { real: idOf(withheld), absent: messages.at(-1)?.absent ?? '' },
    secrets: [
      ...ids,
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

function idOf({ id }: SentMessage): string {
  return id ?? missing('id');
}

/** Connects a client and logs in to an account of these tests. */
export async function logIn(server: MatrixServer, driver: Driver, name: string): Promise<Client> {
  const client = await driver.connect(server);
  await client.login(name, PASSWORD);
  return client;
}
