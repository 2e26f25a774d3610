import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';

const adapter = () => lineProtocol({ history: 0, showsOwnMoves: false, showsEntering: true });

/** An app with this many connections in the lobby, all of which have read everything. */
async function crowdOf(count: number): Promise<{ app: TestHub; people: LineClient[] }> {
  const app = await TestHub.open();
  const people: LineClient[] = [];
  for (let index = 0; index < count; index++) {
    const client = app.client(adapter());
    await client.ask(`enter p${index}`);
    people.push(client);
  }
  await app.advance(10);
  for (const client of people) client.lines();
  return { app, people };
}

test('CONN-69 in a crowd people who enter and leave within 10 ms are shown together, in one write', async () => {
  const { app, people } = await crowdOf(200);
  const [first] = people;
  assert.ok(first);
  first.link.writes.length = 0;
  const ann = app.client(adapter());
  await ann.ask('enter ann');
  await people[199]?.ask('leave');
  const ben = app.client(adapter());
  await ben.ask('enter ben');
  await ann.ask('rename anna');
  assert.deepEqual(first.lines(), []);
  await app.advance(9);
  assert.deepEqual(first.lines(), []);
  await app.advance(1);
  assert.deepEqual(first.lines(), ['entered ann', 'left p199 left', 'entered ben', 'renamed ann anna']);
  assert.equal(first.link.writes.length, 1);
  assert.deepEqual(ann.lines(), ['left p199 left', 'entered ben'], 'people are not shown their own moves');
  assert.deepEqual(ben.lines(), ['renamed ann anna'], 'nor what came before');
});

test('CONN-69 a message in a crowd comes at once, after the people who entered before it', async () => {
  const { app, people } = await crowdOf(200);
  const [first, second] = people;
  assert.ok(first && second);
  const ann = app.client(adapter());
  await ann.ask('enter ann');
  await second.ask('say hello');
  const cleo = app.client(adapter());
  await cleo.ask('enter cleo');
  assert.deepEqual(first.lines(), ['entered ann', 'new 1 p1 hello']);
  assert.deepEqual(ann.lines(), ['new 1 p1 hello']);
  await app.advance(10);
  assert.deepEqual([first.lines(), ann.lines(), cleo.lines()], [['entered cleo'], ['entered cleo'], []]);
});

test('CONN-69 with fewer people, nothing is gathered', async () => {
  const { app, people } = await crowdOf(199);
  const ann = app.client(adapter());
  await ann.ask('enter ann');
  assert.deepEqual(people[0]?.lines(), ['entered ann']);
});
