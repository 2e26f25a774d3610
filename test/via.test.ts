import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentsScene, PASSWORD } from '../testing/documents.ts';
import * as scripts from './faults/registry.ts';

test('DOC-128 CONN-157 a message says by which protocol it came; one from before that says nothing', async () => {
  const scene = await DocumentsScene.open();
  const { app } = scene;
  const reader = await scene.member('reader');
  const lobby = { type: 'room', id: app.world.lobby } as const;
  const old = { text: 'from before', clientTime: null };
  app.world.messages.post(reader.id, lobby.id, old, () => {});
  await app.settle();
  const expected: [unknown, unknown][] = [['from before', undefined]];
  for (const [protocol, script] of Object.entries(scripts)) {
    const { peer } = app.connect(protocol);
    const client = script.open(PASSWORD);
    const send = async (bytes: Uint8Array) => {
      peer.send(bytes);
      await app.settle();
      client.hear(peer.take());
    };
    for (const bytes of client.join(`by-${protocol}`)) await send(bytes);
    await send(client.speak(`by ${protocol}`));
    expected.push([`by ${protocol}`, protocol]);
  }
  assert.ok(expected.length > 5);
  const shown = await reader.children(lobby, { view: 'asc' });
  assert.deepEqual(
    shown.map(({ text, via }) => [text, via]),
    expected,
  );
  for (const [index, [text, via]] of expected.entries()) {
    const content = await reader.content({ type: 'msg', id: [lobby.id, index + 1] });
    assert.deepEqual([content.text, content.via, 'via' in content], [text, via, via !== undefined]);
  }
});
