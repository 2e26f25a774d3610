import assert from 'node:assert/strict';
import type { Ban } from '../../src/core/model/entries.ts';
import type { PersonId } from '../../src/core/model/ids.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { Storage } from '../../src/core/ports.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import type { Result } from '../../src/lib/result.ts';
import { countingIds } from '../../testing/ids.ts';
import { TestWorld } from '../../testing/world.ts';
import { type Scenario, scenario } from './scenario.ts';

type Outcome<T> = Result<T, Refusal>;
type Posted = { text: string; result: Outcome<Message> };

/** Runs the commands and collects the answers. */
async function act(app: TestWorld) {
  const outcomes = {
    posts: [] as Posted[],
    edits: [] as Posted[],
    deletes: [] as Posted[],
    bans: [] as Outcome<Ban>[],
  };
  const entered = await app.ask<{ id: PersonId }>((world, done) => world.enter('alice', done));
  assert.ok(entered.ok, 'a guest needs no storage to enter');
  const alice = entered.value.id;
  const post = async (text: string) => void outcomes.posts.push({ text, result: await app.post(alice, text) });
  await post('one');
  await Promise.all([post('two'), post('three'), post('four')]);
  for (const [index, { result }] of outcomes.posts.entries()) {
    if (!result.ok) continue;
    const { id } = result.value;
    const text = `edited ${index}`;
    const edited = await app.ask<Message>((world, done) => world.messages.edit(alice, id, text, done));
    outcomes.edits.push({ text, result: edited });
    if (index % 2 === 0) continue;
    const deleted = await app.ask<Message>((world, done) => world.messages.delete({ type: 'operator' }, id, done));
    outcomes.deletes.push({ text: id, result: deleted });
  }
  outcomes.bans.push(
    await app.ask((world, done) => world.moderation.ban({ type: 'operator' }, 'bob', 'spam', null, done)),
  );
  await post('five');
  return outcomes;
}

/** Compares the answers with what is stored; returns the number of refusals. */
async function check(outcomes: Awaited<ReturnType<typeof act>>, storage: Storage, label: string): Promise<number> {
  const again = await TestWorld.open({ storage, ids: countingIds(9) });
  const { messages } = await again.world.history.page(again.world.lobby, null, 100);
  assert.deepEqual(
    messages.map(({ number }) => number),
    messages.map((_, index) => index + 1),
    `${label}: numbers without gaps`,
  );
  const acknowledged = outcomes.posts.flatMap(({ result }) => (result.ok ? [result.value.id] : []));
  assert.deepEqual(
    messages.map(({ id }) => id).sort(),
    acknowledged.sort(),
    `${label}: acknowledged and stored, or neither`,
  );
  for (const { result, text } of outcomes.posts) {
    if (result.ok || result.error.type !== 'unavailable') continue;
    assert.ok(!messages.some((message) => message.text === text), `${label}: ${text} was refused and is stored`);
  }
  for (const { result, text } of outcomes.edits) {
    const isStored = messages.some((message) => message.text === text);
    const deleted = result.ok && messages.some(({ id, deletedAt }) => id === result.value.id && deletedAt !== null);
    assert.equal(isStored || deleted, result.ok, `${label}: ${text}`);
  }
  for (const { result, text } of outcomes.deletes) {
    const message = messages.find(({ id }) => id === text);
    assert.equal(message?.deletedAt !== null, result.ok, `${label}: deletion of ${text}`);
  }
  assert.equal([...again.world.bans].length, outcomes.bans.filter(({ ok }) => ok).length, `${label}: bans`);
  again.world.close();
  const results = [outcomes.posts, outcomes.edits, outcomes.deletes].flat().map(({ result }) => result);
  return [...results, ...outcomes.bans].filter((result) => !result.ok).length;
}

/** A guest posts, edits and deletes in the lobby, and the operator bans. */
export const lobbyScenario: Scenario = scenario(act, check);
