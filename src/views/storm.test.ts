import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presenceStorm } from '../../testing/presence-storm.ts';

test('VIEW-10 VIEW-20 T34 presence changes of many people never exceed the budget, and most answers are changes', async () => {
  const limit = 400_000;
  const { mostBytes, answers, told } = await presenceStorm({ watchers: 40, changes: 4_000, limit });
  assert.ok(mostBytes <= limit && mostBytes > limit / 2, `${mostBytes} bytes`);
  assert.ok((answers.get('changed') ?? 0) > 2_000, JSON.stringify([...answers]));
  assert.ok(told > 0 && told <= 4_000 + 40, `${told} calls of watchers`);
});

test('VIEW-08 VIEW-11 T34 with a small budget old versions leave, and answers are the whole', async () => {
  const { mostBytes, answers } = await presenceStorm({ watchers: 40, changes: 2_000, limit: 150_000 });
  assert.ok(mostBytes <= 150_000, `${mostBytes} bytes`);
  assert.ok((answers.get('whole') ?? 0) > 100, JSON.stringify([...answers]));
});
