import { type Client, connect, type KeyOf, register } from '../src/protocols/documents/client.ts';
import type { Cleanup } from './temporary.ts';

/** What pages show for tests and pictures: people, rooms and messages of every kind. */
export type WebScene = {
  /** The account that looks at it. */
  readonly viewer: string;
  readonly password: string;
  readonly rooms: { readonly empty: number; readonly few: number; readonly many: number; readonly direct: number };
  /** The id of another person. */
  readonly person: number;
  /** All names and texts that people have given and written. */
  readonly written: readonly string[];
};

const PASSWORD = 'correct horse battery';
const PEOPLE = [
  ['bea', 'Béatrice Young'],
  ['mohammed', 'محمد العربي'],
  ['fox', 'Fox 🦊'],
  ['longest', 'Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine Elder'],
] as const;

/** Ten messages as people write them, and such as break a page: long words, another direction, code, a link, pictures of letters. */
const FEW = [
  'Good morning! Is the meeting still at ten?',
  'Yes. I have booked the small room, since there are only four of us today, and the large one has no daylight at this time of the year.',
  'صباح الخير، سأتأخر خمس دقائق',
  '👍🏽',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3),
  'The plan is at https://example.com/plans/2026/december?view=week#monday, and `npm start` shows it.',
  '```\nfor (const person of people) greet(person, { politely: true, at: "the door", with: ["coffee", "tea", "cake"] });\nreturn;\n```',
  '@ada can you bring the cable?',
  'On my way',
  'See you there',
];

/** Makes the scene on a server at this address of documents; the largest room has so many messages. */
export async function makeWebScene(cleanup: Cleanup, url: string, most: number): Promise<WebScene> {
  await register(url, { name: 'ada', password: PASSWORD, displayName: 'Ada Lovelace' });
  const ada = await enter(cleanup, url, 'ada');
  const others: Client[] = [];
  for (const [name, displayName] of PEOPLE) {
    await register(url, { name, password: PASSWORD, displayName });
    others.push(await enter(cleanup, url, name));
  }
  const [bea = ada, mohammed = ada, fox = ada, longest = ada] = others;
  const members = others.map((client) => ({ key: client.keys.self }));
  const make = (name: string) => ada.add(ada.keys.rooms, { key: { type: 'room' }, name, open: true, members });
  const many = await make('Ten thousand');
  for (let from = 0; from < most; from += 500) {
    const texts = Array.from(
      { length: Math.min(500, most - from) },
      (_, index) => `${FEW[index % 4]} (${from + index + 1})`,
    );
    await Promise.all(texts.map((text, index) => (others[index % 7 < 4 ? 0 : index % 4] ?? ada).send(many, text)));
  }
  await make('Nothing yet');
  const few = await make('Planning of the things that take longer than one expects');
  const speakers = [bea, ada, mohammed, fox, longest, bea, bea, longest, mohammed, bea];
  const keys: KeyOf<'msg'>[] = [];
  for (const [index, text] of FEW.entries()) {
    const replyTo = index === 3 ? keys[1] : undefined;
    keys.push(await (speakers[index] ?? ada).send(few, text, { ...(replyTo && { replyTo }) }));
  }
  const [first, second] = keys;
  if (second !== undefined) await ada.patch(second, { text: `${FEW[1]} Does that suit everybody?` });
  if (first !== undefined) await mohammed.patch({ type: 'msg', id: [few.id, 9] }, { text: 'On my way (in the tram)' });
  await bea.remove(few, { key: { type: 'msg', id: [few.id, 6] } });
  const direct = await bea.add(bea.keys.rooms, { key: { type: 'room' }, members: [{ key: ada.keys.self }] });
  await bea.send(direct, 'Can we talk about the budget?');
  await ada.add(ada.keys.fav, { key: mohammed.keys.self });
  const { entries } = await ada.getPage(ada.keys.rooms, { size: 50 });
  const empty = entries.find(({ name }) => name === 'Nothing yet')?.key.id ?? 0;
  return {
    viewer: 'ada',
    password: PASSWORD,
    rooms: { empty, few: few.id, many: many.id, direct: direct.id },
    person: bea.keys.self.id,
    written: await writtenBy(ada),
  };
}

async function enter(cleanup: Cleanup, url: string, name: string): Promise<Client> {
  const client = await connect(url, { name, password: PASSWORD });
  cleanup.after(() => client.close());
  return client;
}

/** What a person finds in their rooms: names, and the texts of messages. */
async function writtenBy(client: Client): Promise<string[]> {
  const { entries } = await client.getPage(client.keys.rooms, { size: 50 });
  const names = [
    ...PEOPLE.flat(),
    'ada',
    'Ada Lovelace',
    ...entries.flatMap(({ name, groupname = '' }) => [name, groupname]),
  ];
  const pages = await Promise.all(entries.map(({ key }) => client.getPage(key, { view: 'asc', size: 100 })));
  return [
    ...names,
    ...pages.flatMap(({ entries }) => entries.flatMap((entry) => ('deleted' in entry ? [] : entry.text))),
  ];
}
