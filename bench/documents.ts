import { type Spread, spread } from './deliveries.ts';
import { DocumentsClient, type Request } from './documents-client.ts';
import { cpuMicroseconds, type Server } from './process.ts';
import { startParlance } from './servers.ts';

/** What is measured of one kind of answer: how many a second, and the server's CPU microseconds for each. */
export type AnswerFigures = { readonly rate: Spread; readonly cost: Spread };

/** The bytes of an answer with a patch and of the whole, for a page of 50 entries after one change. */
export type PatchBytes = { readonly name: string; readonly patch: number; readonly full: number };

export type DocumentsPlan = { readonly milliseconds: number; readonly rounds: number };

const CLIENTS = 16;
const PAGE = 50;
const PEOPLE = 60;
const WARM_UP_MS = 300;

/** Measures answers with nothing (204), with a patch (206) and with the whole (200), each from the same server in turn. */
export async function measureDocuments(
  plan: DocumentsPlan,
  progress: (line: string) => void,
): Promise<{ readonly answers: ReadonlyMap<string, AnswerFigures>; readonly bytes: readonly PatchBytes[] }> {
  const server = await startParlance();
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => DocumentsClient.open(server.port)));
  const scene = await fill(clients);
  const rates = new Map<string, number[]>();
  const costs = new Map<string, number[]>();
  for (let round = 1; round <= plan.rounds; round++)
    for (const [name, { request, status }] of scene.requests) {
      progress(`documents, round ${round} of ${plan.rounds}: ${name}`);
      await ask(server, clients, request, status, WARM_UP_MS);
      const { perSecond, microseconds } = await ask(server, clients, request, status, plan.milliseconds);
      rates.set(name, [...(rates.get(name) ?? []), perSecond]);
      costs.set(name, [...(costs.get(name) ?? []), microseconds]);
    }
  for (const client of clients) client.close();
  await server.stop();
  const answers = new Map([...rates.keys()].map((name) => [name, figuresOf(rates.get(name), costs.get(name))]));
  return { answers, bytes: scene.bytes };
}

function figuresOf(rates: readonly number[] = [], costs: readonly number[] = []): AnswerFigures {
  return { rate: spread(rates), cost: spread(costs) };
}

/** All clients ask the same for a while, each one request at a time. */
async function ask(
  server: Server,
  clients: readonly DocumentsClient[],
  request: Request,
  status: number,
  milliseconds: number,
): Promise<{ readonly perSecond: number; readonly microseconds: number }> {
  const [began, cpu] = [performance.now(), cpuMicroseconds(server.pid)];
  let count = 0;
  const run = async (client: DocumentsClient) => {
    for (; performance.now() - began < milliseconds; count++) {
      const answer = await client.ask(request);
      if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}`);
    }
  };
  await Promise.all(clients.map(run));
  const elapsed = performance.now() - began;
  return { perSecond: (count / elapsed) * 1_000, microseconds: (cpuMicroseconds(server.pid) - cpu) / count };
}

/** A room with a page of messages and a unit with a page of people, each asked for from before and from after a change. */
async function fill(clients: readonly DocumentsClient[]) {
  const [owner] = clients;
  if (owner === undefined) throw new Error('no clients');
  for (const [index, client] of clients.entries()) await client.member(`client${index}`);
  for (let index = clients.length; index < PEOPLE; index++) await owner.register(`person${index}`);
  const members = clients.slice(1).map(({ id }) => ({ key: { type: 'user', id } }));
  const made = { key: { type: 'room' }, name: 'Bench', members };
  const { data } = await owner.ask({ cls: 'add_child', data: { key: { type: 'rooms', id: owner.id }, obj: made } });
  const room = data.key;
  const post = async (number: number) => {
    const text = `message ${number}, with some words as people write them in a chat`;
    await owner.ask({ cls: 'add_child', data: { key: room, obj: { key: { type: 'msg' }, text } } });
  };
  for (let number = 1; number <= PAGE; number++) await post(number);
  const pages = {
    messages: { key: room, view: 'desc', size: PAGE },
    people: { key: { type: 'unit', id: 1 }, view: 'asc_pres_first', size: PAGE },
  };
  const versionOf = async (page: object) =>
    (await owner.ask({ cls: 'get_children', data: { ...page, ver: null } })).data.ver;
  const before = { messages: await versionOf(pages.messages), people: await versionOf(pages.people) };
  await post(PAGE + 1);
  const busy = { op: 'replace', path: '/presence', value: 'busy' };
  await owner.ask({ cls: 'patch_content', data: { key: { type: 'user', id: owner.id }, ver: null, patch: [busy] } });
  const after = { messages: await versionOf(pages.messages), people: await versionOf(pages.people) };
  const page = (name: 'messages' | 'people', ver: unknown): Request => ({
    cls: 'get_children',
    data: { ...pages[name], ver },
  });
  const bytes: PatchBytes[] = [];
  for (const name of ['messages', 'people'] as const) {
    const [patch, full] = [await owner.ask(page(name, before[name])), await owner.ask(page(name, null))];
    bytes.push({ name: `${PAGE} ${name}`, patch: patch.bytes, full: full.bytes });
  }
  const requests = new Map([
    ['204 messages', { request: page('messages', after.messages), status: 204 }],
    ['204 people', { request: page('people', after.people), status: 204 }],
    ['206 messages', { request: page('messages', before.messages), status: 206 }],
    ['206 people', { request: page('people', before.people), status: 206 }],
    ['200 messages', { request: page('messages', null), status: 200 }],
    ['200 people', { request: page('people', null), status: 200 }],
  ]);
  return { requests, bytes };
}
