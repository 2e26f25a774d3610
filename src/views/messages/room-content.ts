import type { Entry } from '../../core/model/entries.ts';
import type { Person } from '../../core/model/person.ts';
import type { RoomFacts, WorldReader } from '../../core/reader.ts';
import type { Version, ViewAnswer } from '../answer.ts';
import { ageOf, passedSince } from './passed.ts';

/** What a room is called and who is in it. */
export type RoomContent = {
  readonly type: 'room';
  readonly displayName: string;
  /** The fixed name; empty for a direct. */
  readonly name: string;
  readonly open: boolean;
  /** At most 100, in the order of joining, with their names at that time; in a direct with their current ones. */
  readonly members: readonly Person[];
  readonly total: number;
};

const MOST_MEMBERS = 100;
const NOBODY: Person = { id: 0, name: '' };

/** The content of a group as of now. */
function groupContent({ row, members }: RoomFacts): RoomContent {
  return {
    type: 'room',
    displayName: row.displayName ?? row.name,
    name: row.name,
    open: row.closed !== true,
    members: [...members.values()].slice(0, MOST_MEMBERS).map(({ person, name }) => ({ id: person, name })), // VIEW-40
    total: members.size,
  };
}

/**
 * Answers with a group. A part that may have changed since the old version has another value in `before`, which is no value of
 * such a part; it is to be written as a whole. Rejects when storage is unavailable.
 */
export async function groupAnswer(
  reader: Pick<WorldReader, 'entries'>,
  facts: RoomFacts,
  since: Version | null,
  identity: string,
): Promise<ViewAnswer<RoomContent>> {
  const after = groupContent(facts);
  const version = { identity, number: facts.position };
  const age = ageOf(since, version);
  if (age === 0) return { type: 'same', version };
  if (age === null) return { type: 'whole', version, value: after };
  const passed = await passedSince(reader, facts.id, version, age);
  return { type: 'changed', version, before: { ...after, ...changedParts(passed) }, after }; // VIEW-39
}

/** The parts that these entries may have changed, with values that none of them has. */
function changedParts(entries: readonly Entry[]): Partial<RoomContent> {
  const types = new Set(entries.map(({ body }) => body.type));
  const isRenamed = types.has('room-renamed');
  const isOther = types.has('member-joined') || types.has('member-left');
  return { ...(isRenamed && { displayName: '' }), ...(isOther && { members: [NOBODY], total: -1 }) };
}
