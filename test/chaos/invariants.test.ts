import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChaosClient, Outcome, ShownMessage } from './chaos-client.ts';
import { checkHealthy, checkHistory, checkMissed, checkShown } from './invariants.ts';
import type { SentRecord } from './sent-log.ts';

const record = (text: string, outcome: Outcome | null, more: Partial<SentRecord> = {}): SentRecord => ({
  author: 'alice',
  text,
  connection: 1,
  isOnOne: true,
  outcome,
  ms: 1,
  ...more,
});
const said = (...texts: readonly string[]): ShownMessage[] => texts.map((text) => ({ author: 'alice', text }));
const viewer = (...shown: readonly ShownMessage[][]) =>
  ({ name: 'bob', connection: shown.length, shown }) as unknown as ChaosClient;

test('an acknowledged message is in the history once, an unknown one at most once, any other never', () => {
  const check = (outcome: Outcome | null, times: number) =>
    checkHistory(Array.from({ length: times }, () => said('one')).flat(), [record('one', outcome)]).length;
  assert.deepEqual([check('acknowledged', 1), check('acknowledged', 0), check('acknowledged', 2)], [0, 1, 1]);
  assert.deepEqual([check('unknown', 0), check('unknown', 1), check('unknown', 2)], [0, 0, 1]);
  assert.deepEqual([check('refused', 0), check('refused', 1)], [0, 1]);
  assert.deepEqual([check('unsent', 0), check('unsent', 1)], [0, 1]);
  assert.deepEqual([check(null, 0), check(null, 1)], [1, 1]);
});

test('the history has no message that was not sent, and none by another author', () => {
  assert.equal(checkHistory(said('one'), []).length, 1);
  assert.equal(checkHistory([{ author: 'bob', text: 'one' }], [record('one', 'acknowledged')]).length, 1);
  assert.equal(checkHistory([{ author: 'alice~', text: 'one' }], [record('one', 'acknowledged')]).length, 0);
});

test('messages of one connection are in the history in the order in which they were sent', () => {
  const check = (more: Partial<SentRecord>) =>
    checkHistory(said('two', 'one'), [record('one', 'acknowledged'), record('two', 'acknowledged', more)]).length;
  assert.deepEqual([check({}), check({ connection: 2 }), check({ isOnOne: false })], [1, 0, 0]);
});

test('a client is shown what is in the history, once on a connection, in the same order', () => {
  const history = said('one', 'two', 'three');
  const check = (...shown: readonly ShownMessage[][]) => checkShown(viewer(...shown), history).length;
  assert.equal(check(said('one', 'three'), said('one', 'two')), 0, 'on another connection it may come again');
  assert.equal(check(said('one', 'one')), 1);
  assert.equal(check(said('two', 'one')), 1);
  assert.ok(check(said('four')) > 0);
  assert.ok(check([{ author: 'carol', text: 'one' }]) > 0);
});

test('a client is shown everything that others sent, on some connection', () => {
  const history = [...said('one', 'two'), { author: 'bob', text: 'own' }];
  assert.deepEqual(checkMissed(viewer(said('two'), said('one')), history), []);
  assert.equal(checkMissed(viewer(said('two')), history).length, 1);
});

test('a healthy client has one connection, and every message is acknowledged in time', () => {
  const own = (outcome: Outcome, ms: number) => [record('one', outcome, { author: 'bob', ms })];
  assert.deepEqual(checkHealthy(viewer([]), own('acknowledged', 10)), []);
  assert.equal(checkHealthy(viewer([]), own('unknown', 10)).length, 1);
  assert.equal(checkHealthy(viewer([]), own('acknowledged', 60_000)).length, 1);
  assert.equal(checkHealthy(viewer([], []), []).length, 1);
});
