import { randomUUID } from 'node:crypto';
import { type Operation, type Client, supports, type Driver, type SentMessage } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import type { MatrixServer } from '../matrix/server.ts';

export const PASSWORD = 'geheim; sehr [geheim]';

/** What is Ann's and nobody else's business, each with what does not exist instead: of the same length, as some protocols write lengths. */
export type Private = { readonly real: string; readonly none: string };

/** Ann, whose requests are replayed, Fay, with whom she has secrets, Ben, who replays, and a guest whom nobody sees. */
export type Tenants = {
  readonly ann: string;
  readonly fay: string;
  readonly ben: string;
  /** A closed group of Ann and Fay. */
  readonly closed: Private;
  /** An open group of Ann and Fay; Ben may know of it, and not what is said in it. */
  readonly open: string;
  /** A guest who is there and invisible. */
  readonly ghost: Private;
  /** Ids of messages that Ben may not read: to one person, in the closed group, in the open group, and one that was withheld. */
  readonly messages: readonly Private[];
  /** The last of them: Fay, for whom it was, blocked Ann at the time. */
  readonly withheld: Private;
  /** Bytes that must not reach Ben: texts, names and ids. */
  readonly canaries: readonly string[];
};

/** Tenants without names, for what only looks at the kinds of requests. */
export const nothing: Tenants = {
  ann: '',
  fay: '',
  ben: '',
  open: '',
  closed: { real: '', none: '' },
  ghost: { real: '', none: '' },
  messages: [{ real: '', none: '' }],
  withheld: { real: '', none: '' },
  canaries: [],
};

const SPEAKING: readonly Operation[] = ['guest', 'register', 'sendToGroup', 'edit', 'setStatus'];

/** A protocol by which everything can be said that is to be kept from others. */
export const speaking: Driver =
  drivers.find((driver) => SPEAKING.every((operation) => supports(driver, operation))) ?? missing('a protocol for all of it');

/** Makes all of it, past the protocols where they have no way to. Fay is there by tagged, and so is the ghost. */
export async function makeTenants(server: MatrixServer, driver: Driver): Promise<Tenants> {
  // Names whose skeletons are other words than the names.
  const names = { ann: 'Annabel01', fay: 'Fayette01', ben: 'Benedict01', ghost: 'Ghostly01' };
  for (const name of [names.ann, names.fay, names.ben]) await server.account(name, PASSWORD);
  const [ann, fay] = [await login(server, driver, names.ann), await login(server, driver, names.fay)];
  const ghost = await driver.connect(server);
  await ghost.enter(names.ghost);
  await ghost.setStatus('Offline');
  const closed = { real: 'Keller01', none: 'Nobodys1' };
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
  const messages = ids.map((real) => ({ real, none: randomUUID() }));
  return {
    ...names,
    closed,
    open,
    ghost: { real: names.ghost, none: 'Nobody001' },
    messages,
    withheld: { real: idOf(withheld), none: messages.at(-1)?.none ?? '' },
    canaries: [
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
  throw new Error(`there is not ${what}`);
}

function idOf({ id }: SentMessage): string {
  return id ?? missing('an id');
}

async function login(server: MatrixServer, driver: Driver, name: string): Promise<Client> {
  const client = await driver.connect(server);
  await client.login(name, PASSWORD);
  return client;
}
