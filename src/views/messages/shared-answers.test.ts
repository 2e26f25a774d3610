import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedAnswers } from './shared-answers.ts';

test('VIEW-46 an answer is worked out once for all who ask, and again after a failure', async () => {
  const answers = new SharedAnswers<string>(({ length }) => length);
  let made = 0;
  const make = async () => `answer ${++made}`;
  assert.deepEqual(await Promise.all([answers.get('a', make), answers.get('a', make)]), ['answer 1', 'answer 1']);
  assert.equal(await answers.get('a', make), 'answer 1');
  assert.equal(await answers.get('b', make), 'answer 2');
  await assert.rejects(answers.get('c', () => Promise.reject(new Error('no'))));
  assert.equal(await answers.get('c', make), 'answer 3');
});

test('VIEW-46 T34 what is kept has a limit in bytes', async () => {
  const answers = new SharedAnswers<{ readonly bytes: number }>(({ bytes }) => bytes);
  let made = 0;
  const ask = (name: string) => answers.get(name, async () => ({ bytes: 6 * 1024 * 1024, number: ++made }));
  for (const name of ['a', 'b', 'b', 'c', 'b']) await ask(name);
  assert.equal(made, 3);
  await ask('a');
  assert.equal(made, 4, 'the oldest one had left');
});
