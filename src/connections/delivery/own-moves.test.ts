import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';

test('CONN-67 a protocol can choose that people are not shown their own entering and renaming; others are shown it', async () => {
  const app = await TestHub.open();
  for (const showsOwnMoves of [false, true]) {
    const name = `quiet-${showsOwnMoves}`;
    const client = app.client(lineProtocol({ history: 0, showsOwnMoves, showsEntering: true, name }));
    const other = app.client(lineProtocol({ history: 0, showsOwnMoves: false, showsEntering: true, name: 'other' }));
    await other.ask(`enter other-${showsOwnMoves}`);
    await client.ask(`enter ${name}`);
    other.lines();
    const own = [`renamed ${name} ${name}-2`];
    assert.deepEqual(await client.ask(`rename ${name}-2`), showsOwnMoves ? ['ok', ...own] : ['ok']);
    assert.deepEqual(other.lines(), own);
    const visible = [`entered ${name}-2`];
    await client.ask('status Offline');
    assert.deepEqual(other.lines(), [`left ${name}-2 left`]);
    assert.deepEqual(await client.ask('status Available'), showsOwnMoves ? ['ok', ...visible] : ['ok']);
    assert.deepEqual(other.lines(), visible);
    await client.drop();
    await other.drop();
  }
});
