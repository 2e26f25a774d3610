import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Part } from '../../views/view-key.ts';
import { ChangeBlocks } from './change-blocks.ts';
import { defaultFacts } from '../../../testing/app.ts';
import { documentsAdapter } from './index.ts';
import type { Key } from './schema.ts';

/** The changes of one session: its own objects, like those that it read. */
function changes(...documents: readonly (readonly [Key, ...Part[]])[]) {
  return new Map(documents.map(([key, ...parts]) => [{ key: { ...key }, name: JSON.stringify(key) }, new Set(parts)]));
}

const room: Key = { type: 'room', id: 7 };
const fav: Key = { type: 'fav', id: 7 };

test('DOC-35 DOC-103 T6 blocks that say the same with the same id are one object, all others are of their own', () => {
  const blocks = new ChangeBlocks();
  const first = blocks.block('a', changes([room, 'children'], [fav, 'content', 'children']));
  assert.deepEqual(first, {
    type: 'request',
    id: 'a',
    cls: 'changed',
    data: [
      { key: room, content: false, children: true },
      { key: fav, content: true, children: true },
    ],
  });
  assert.equal(blocks.block('a', changes([room, 'children'], [fav, 'children', 'content'])), first);
  const others = [
    blocks.block('b', changes([room, 'children'], [fav, 'content', 'children'])),
    blocks.block('a', changes([room, 'children'])),
    blocks.block('a', changes([room, 'content'], [fav, 'content', 'children'])),
    blocks.block('a', changes([fav, 'content', 'children'], [room, 'children'])),
  ];
  assert.equal(new Set([first, ...others]).size, 5);
  assert.deepEqual(
    others.map(({ id, data }) => `${id} ${data.map(({ key }) => key.type)}`),
    ['b room,fav', 'a room', 'a room,fav', 'a fav,room'],
  );
});

test('DOC-30 T6 a block is encoded once for each framing, whoever is sent it', () => {
  const adapter = documentsAdapter(defaultFacts);
  const block = new ChangeBlocks().block('a', changes([room, 'content']));
  const text =
    '{"type":"request","id":"a","cls":"changed","data":[{"key":{"type":"room","id":7},"content":true,"children":false}]}';
  for (const [framing, expected] of [
    ['message', text],
    ['stream', `${text}\n`],
  ] as const) {
    const bytes = adapter.encode(block, framing, 'plain');
    assert.equal(new TextDecoder().decode(bytes), expected);
    assert.equal(adapter.encode(block, framing, 'plain'), bytes);
  }
});
