import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client, Found, KeyOf } from '../../../src/protocols/documents/client.ts';
import { Search } from './search.ts';

type Asked = {
  readonly text: string;
  readonly options: object;
  readonly answer: (found: Partial<Found> | Error) => void;
};

/** A search whose questions the test answers. */
function searching() {
  const asked: Asked[] = [];
  const search = (text: string, options: object) =>
    new Promise<Found>((resolve, reject) => {
      const answer = (found: Partial<Found> | Error) =>
        found instanceof Error ? reject(found) : resolve({ users: [], rooms: [], msgs: [], ...found });
      asked.push({ text, options, answer });
    });
  return { search: new Search({ search } as unknown as Client), asked };
}

function message(number: number): Found['msgs'][number] {
  return { key: { type: 'msg', id: [1, number] }, deleted: true };
}

const turn = () => new Promise((done) => setImmediate(done));

test('WEB-132 what an older search finds never replaces what a newer one is after', async () => {
  const { search, asked } = searching();
  search.start({ text: 'slow' });
  search.start({ text: 'fast' });
  asked[1]?.answer({ msgs: [message(2)] });
  await turn();
  asked[0]?.answer({ msgs: [message(1)] });
  await turn();
  const state = search.state.value;
  assert.deepEqual(state.type === 'done' && state.found.msgs.map(({ key }) => key.id[1]), [2]);
});

test('WEB-132 more is asked for once at a time, from where the last answer ended, and added', async () => {
  const { search, asked } = searching();
  const next: KeyOf<'msg'> = { type: 'msg', id: [1, 9] };
  search.start({ text: 'word' });
  search.more();
  assert.equal(asked.length, 1);
  asked[0]?.answer({ msgs: [message(9)], next });
  await turn();
  search.more();
  search.more();
  assert.equal(asked.length, 2);
  assert.deepEqual(asked[1]?.options, { size: 30, before: next });
  asked[1]?.answer({ msgs: [message(5)] });
  await turn();
  search.more();
  assert.equal(asked.length, 2);
  const state = search.state.value;
  assert.deepEqual(state.type === 'done' && state.found.msgs.map(({ key }) => key.id[1]), [9, 5]);
});

test('WEB-132 coming back to the same search asks for nothing, unless it failed', async () => {
  const { search, asked } = searching();
  search.start({ text: 'word', room: 3 });
  asked[0]?.answer(new Error('busy'));
  await turn();
  assert.equal(search.state.value.type, 'failed');
  search.start({ text: 'word', room: 3 });
  asked[1]?.answer({});
  await turn();
  search.scrollTop = 40;
  search.start({ text: 'word', room: 3 });
  assert.deepEqual([asked.length, search.state.value.type, search.scrollTop], [2, 'done', 40]);
  search.start({ text: 'word' });
  assert.deepEqual([asked.length, search.scrollTop], [3, 0]);
});

test('WEB-133 what cannot be found is not asked for; of one person everything is', () => {
  const { search, asked } = searching();
  const queries = [{ text: ' ?! ' }, { text: 'x'.repeat(300) }, { text: '', room: 3 }];
  const states = queries.map((query) => {
    search.start(query);
    return search.state.value.type;
  });
  assert.deepEqual(states, ['idle', 'too-long', 'idle']);
  assert.equal(asked.length, 0);
  search.start({ text: ' ', sender: 7 });
  assert.deepEqual(asked[0]?.options, { size: 30, types: ['msg'], sender: { type: 'user', id: 7 } });
});
