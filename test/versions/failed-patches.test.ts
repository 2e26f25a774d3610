import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Key } from '../../src/protocols/documents/schema.ts';
import { DocumentsScene, type Json } from '../../testing/documents.ts';
import { Tally } from './tally.ts';

const RUNS = 1_000;

const fields = ['first_name', 'last_name', 'display_name', 'picture', 'presence', 'status', 'username', 'connected'];
const more = ['name', 'members', 'open', 'text', 'read', 'sender', 'edited', 'role', 'muted_until'];
const names = fc.constantFrom(...fields, ...more);

const paths = fc.oneof(
  { weight: 6, arbitrary: names.map((name) => `/${name}`) },
  { weight: 1, arbitrary: names.chain((name) => fc.constantFrom(`/${name}/0`, `/${name}/-`, `/${name}/key/id`, name)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '/', '/-', '/~2', '/x', '/__proto__/x', '/members/00', '/members/0/key'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 300 }).map((text) => `/${text}`) },
);
const values = fc.oneof(
  fc.constantFrom(null, true, false, 5, -1, 4_000_000_000_000, 'x', ' ', 'a\nb', 'away', 'moderator', 'bob', 'hi!'),
  fc.jsonValue({ maxDepth: 2 }),
);
const operations = fc.record(
  {
    op: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('add', 'replace', 'remove', 'test') },
      { weight: 1, arbitrary: fc.constantFrom('move', 'copy', 'ADD') },
    ),
    path: paths,
    value: values,
  },
  { requiredKeys: ['op', 'path'] },
);
const patches = fc.oneof(
  { weight: 6, arbitrary: fc.array(operations, { maxLength: 6 }) },
  { weight: 2, arbitrary: operations },
  { weight: 1, arbitrary: operations.map((operation) => Array.from({ length: 65 }, () => operation)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** Toto has a room with Bob, in which both said something. */
async function scene() {
  const all = await DocumentsScene.open();
  const [toto, bob] = [await all.member('toto'), await all.member('bob')];
  const members = [{ key: bob.user }];
  const room = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Garden', members });
  const own = await toto.add<'msg'>(room, { key: { type: 'msg' }, text: 'hi!' });
  const other = await bob.add<'msg'>(room, { key: { type: 'msg' }, text: 'hello' });
  const member: Key = { type: 'member', id: [room.id, bob.id] };
  const documents: readonly Key[] = [toto.user, room, own, other, member];
  /** The answers with all documents, as they are for both. */
  const state = async (): Promise<string> => {
    const answers: unknown[] = [];
    for (const client of [toto, bob])
      for (const key of documents) answers.push((await client.ask('get_content', { key, ver: null })).data);
    return JSON.stringify(answers);
  };
  return { toto, documents, state };
}

test('DOC-54 DOC-55 DOC-56 DOC-121 T5 a failed patch leaves version and bytes of all documents', async (t) => {
  const { toto, documents, state } = await scene();
  const tally = new Tally();
  let before = await state();
  const version = fc.constantFrom('none', 'current', 'later', 'other');
  const property = fc.asyncProperty(fc.constantFrom(...documents), version, patches, async (key, which, patch) => {
    const [identity, number] = (await toto.version(key)) as [string, number];
    const versions = {
      none: null,
      current: [identity, number],
      later: [identity, number + 1],
      other: ['other', number],
    };
    const data: Json = { key, ver: versions[which], patch };
    const { status = 0 } = await toto.ask('patch_content', data);
    tally.add(`${key.type}: ${status}`);
    const after = await state();
    if (status !== 200) assert.equal(after, before, `${status} for ${JSON.stringify(data)}`);
    before = after;
  });
  await fc.assert(property, { numRuns: RUNS });
  t.diagnostic(tally.listed());
  for (const { type } of documents)
    for (const status of [200, 400, 403, 409]) assert.ok(tally.of(`${type}: ${status}`) > 0, tally.listed());
});
