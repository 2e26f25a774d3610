import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';

const adapter = () => lineProtocol({ history: 0, showsOwnMoves: false, showsEntering: true });

/** A lobby that is shown on so many connections, all of which have read what there was. */
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

test('CONN-69 in a crowd those who come and go within 10 ms are shown together, in one write', async () => {
  const { app, people } = await crowdOf(200);
  const [first] = people;
  assert.ok(first);
  first.link.writes.length = 0;
  const late = app.client(adapter());
  await late.ask('enter late');
  await people[199]?.ask('leave');
  const last = app.client(adapter());
  await last.ask('enter last');
  await late.ask('rename later');
  assert.deepEqual(first.lines(), []);
  await app.advance(9);
  assert.deepEqual(first.lines(), []);
  await app.advance(1);
  assert.deepEqual(first.lines(), ['entered late', 'left p199 left', 'entered last', 'renamed late later']);
  assert.equal(first.link.writes.length, 1);
  assert.deepEqual(late.lines(), ['left p199 left', 'entered last'], 'the own moves are not shown');
  assert.deepEqual(last.lines(), ['renamed late later'], 'and neither is what came before');
});

test('CONN-69 what is said in a crowd comes at once, after those who came before it', async () => {
  const { app, people } = await crowdOf(200);
  const [first, second] = people;
  assert.ok(first && second);
  const late = app.client(adapter());
  await late.ask('enter late');
  await second.ask('say hello');
  const after = app.client(adapter());
  await after.ask('enter after');
  assert.deepEqual(first.lines(), ['entered late', 'new 1 p1 hello']);
  assert.deepEqual(late.lines(), ['new 1 p1 hello']);
  await app.advance(10);
  assert.deepEqual([first.lines(), late.lines(), after.lines()], [['entered after'], ['entered after'], []]);
});

test('CONN-69 where fewer are there nobody waits', async () => {
  const { app, people } = await crowdOf(199);
  const late = app.client(adapter());
  await late.ask('enter late');
  assert.deepEqual(people[0]?.lines(), ['entered late']);
});
