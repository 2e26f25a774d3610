import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client, Found } from '../../../src/protocols/documents/client.ts';
import { FoundByName } from './found-by-name.ts';

/** A client that answers a search when the test says so. */
function searches() {
  const answers = new Map<string, (found: Found) => void>();
  const client = {
    search: (text: string) => new Promise<Found>((resolve) => void answers.set(text, resolve)),
  } as unknown as Client;
  const answer = async (text: string) => {
    answers.get(text)?.({ users: [], rooms: [], msgs: [] });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { client, answers, answer };
}

test('WEB-94 a late answer to an older text does not replace a newer one, and an empty text shows nothing', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { client, answers, answer } = searches();
  const found = new FoundByName(client, 'user');
  const type = (text: string) => {
    found.search(text);
    t.mock.timers.tick(200);
  };
  type('a');
  type('ad');
  await answer('ad');
  assert.equal(found.result.value.text, 'ad');
  await answer('a');
  assert.equal(found.result.value.text, 'ad');
  type('ada');
  type(' ');
  await answer('ada');
  assert.deepEqual(found.result.value, { text: '', found: null, error: null });
  found.search('b');
  found.search('bo');
  t.mock.timers.tick(200);
  assert.deepEqual([...answers.keys()], ['a', 'ad', 'ada', 'bo'], 'one question a pause');
});
