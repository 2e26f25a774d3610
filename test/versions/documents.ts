import type { Key } from '../../src/protocols/documents/schema.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { Story } from './story.ts';

const SIZES = [1, 2, 5, 50, 200];
const LISTS = 2;
const PEOPLE_VIEWS = ['asc', 'desc', 'asc_pres_first', 'desc_pres_first'];

const views: { readonly [T in Key['type']]: readonly string[] } = {
  user: [],
  fav: PEOPLE_VIEWS,
  blocked: PEOPLE_VIEWS,
  rooms: ['recent', 'asc', 'desc'],
  conversations: ['recent', 'asc', 'desc'],
  room: ['desc', 'asc'],
  members: PEOPLE_VIEWS,
  msg: [],
  member: [],
  index: PEOPLE_VIEWS,
  unit: PEOPLE_VIEWS,
};

/** The types of documents. */
export const TYPES = Object.keys(views) as readonly Key['type'][];

/** The name of each kind of list: its type, view and size. */
export const LIST_KINDS = TYPES.flatMap((type) =>
  views[type].flatMap((view) => SIZES.map((size) => kindOf({ type, view, size }))),
);

/** A request for all pages of a list, but for its version. */
export type List = { readonly key: Key; readonly view: string; readonly size: number; readonly before?: number };

/** The name of a list's kind. */
export function kindOf({
  type,
  view,
  size,
}: {
  readonly type: string;
  readonly view: string;
  readonly size: number;
}): string {
  return `${type} in ${view}, pages of ${size}`;
}

/** All documents of the story now, for somebody with this id; of the messages in each room some. */
export function documentsOf(story: Story, self: number, random: SeededRandom): Key[] {
  const rooms = [...story.rooms];
  const own = (['fav', 'blocked', 'rooms', 'conversations'] as const).map((type) => ({ type, id: self }));
  const inRooms = rooms.flatMap((room): Key[] => {
    const last = story.lastNumber(room);
    return [
      { type: 'room', id: room },
      { type: 'members', id: room },
      { type: 'msg', id: [room, 1] },
      { type: 'msg', id: [room, last] },
      { type: 'msg', id: [room, 1 + random.below(last + 1)] },
      { type: 'member', id: [room, random.pick([...story.people])] },
      ...story.members(room).map(({ id }): Key => ({ type: 'member', id: [room, id] })),
    ];
  });
  return [
    ...[...story.people].map((id): Key => ({ type: 'user', id })),
    ...own,
    ...inRooms,
    { type: 'index', id: 1 },
    ...story.units.map((id): Key => ({ type: 'unit', id })),
  ];
}

/** Some of the lists of a document: random views and sizes, of messages also those before a number. */
export function listsOf(story: Story, key: Key, random: SeededRandom): List[] {
  if (views[key.type].length === 0) return [];
  return Array.from({ length: LISTS }, () => {
    const list = { key, view: random.pick(views[key.type]), size: random.pick(SIZES) };
    const isCut = key.type === 'room' && random.next() < 0.3;
    return isCut ? { ...list, before: 1 + random.below(story.lastNumber(key.id) + 2) } : list;
  });
}
