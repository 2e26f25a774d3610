import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../testing/hub.ts';
import { lineWire } from '../../testing/line-wire.ts';

test('CONN-67 where a wire is asked not to, people are not shown their own entering and changes of name; others are', async () => {
  const house = await TestHub.open();
  for (const ownMoves of [false, true]) {
    const name = `quiet-${ownMoves}`;
    const client = house.client(lineWire({ history: 0, ownMoves, entering: true, name }));
    const other = house.client(lineWire({ history: 0, ownMoves: false, entering: true, name: 'other' }));
    await other.ask(`enter other-${ownMoves}`);
    await client.ask(`enter ${name}`);
    other.lines();
    const own = [`renamed ${name} ${name}-2`];
    assert.deepEqual(await client.ask(`rename ${name}-2`), ownMoves ? ['ok', ...own] : ['ok']);
    assert.deepEqual(other.lines(), own);
    const visible = [`entered ${name}-2`];
    await client.ask('status Offline');
    assert.deepEqual(other.lines(), [`left ${name}-2 left`]);
    assert.deepEqual(await client.ask('status Available'), ownMoves ? ['ok', ...visible] : ['ok']);
    assert.deepEqual(other.lines(), visible);
    await client.lose();
    await other.lose();
  }
});
