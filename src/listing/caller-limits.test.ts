import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ListingScene } from '../../testing/listing-scene.ts';

test('LIST-18 a caller may ask for so much in a second, with Retry-After beyond; others and this machine are not affected', async () => {
  const scene = new ListingScene();
  const statuses = async (method: string, count: number, address: string) => {
    const all = [];
    for (let request = 0; request < count; request++)
      all.push((await scene.ask(method, '/servers/7', { caller: { address, ip: address } })).status);
    return all.filter((status) => status === 429).length;
  };
  assert.equal(await statuses('DELETE', 31, '192.0.2.7'), 1);
  assert.equal(await statuses('DELETE', 30, '192.0.2.8'), 0);
  assert.equal(await statuses('GET', 101, '192.0.2.7'), 1);
  assert.equal(await statuses('DELETE', 200, '127.0.0.1'), 0);
  const answer = await scene.ask('DELETE', '/servers/7', { caller: { address: '192.0.2.7', ip: null } });
  assert.equal(answer.headers.get('Retry-After'), '1');
  await scene.pass(1_000);
  assert.equal(await statuses('DELETE', 5, '192.0.2.7'), 0);
});
