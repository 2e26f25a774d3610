import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeSessionApi, sentMessage } from '../../../../testing/session-api.ts';
import type { Down } from '../schema.ts';
import { search } from './search.ts';

const heading = { id: 'a', cls: 'search' };

function ask(api: FakeSessionApi): () => Down {
  const answers: Down[] = [];
  search(api, { text: 'x' }, heading, (answer) => answers.push(answer));
  return () => {
    assert.equal(answers.length, 1);
    return answers[0] ?? assert.fail();
  };
}

test('DOC-142 DOC-143 an answer has people as lists have them, rooms, messages as pages have them, and the key to go on with', () => {
  const api = new FakeSessionApi();
  const person = {
    type: 'person',
    id: 3,
    name: 'alice',
    displayName: 'Alice',
    picture: null,
    presence: 'away',
    connected: true,
  } as const;
  api.found = {
    people: [person],
    rooms: [
      { id: 7, name: 'hall', displayName: 'Hall', other: null, isMember: false },
      { id: 8, name: '', displayName: 'Bob', other: 4, isMember: true },
    ],
    messages: [sentMessage],
    next: { room: 7, number: 1 },
  };
  const answer = ask(api);
  api.answer();
  const key = (type: string, id: unknown) => ({ type, id });
  assert.deepEqual(answer(), {
    type: 'result',
    id: 'a',
    cls: 'search',
    status: 200,
    data: {
      users: [{ key: key('user', 3), display_name: 'Alice', picture: 'users/3', presence: 'away', connected: true }],
      rooms: [
        { key: key('room', 7), name: 'Hall', groupname: 'hall', direct: false, joined: false },
        { key: key('room', 8), name: 'Bob', direct: true, joined: true },
      ],
      msgs: [
        {
          key: key('msg', [7, 1]),
          sender: { key: key('user', 3), name: 'alice' },
          time: 2,
          text: 'hello',
          edited: null,
        },
      ],
      next: key('msg', [7, 1]),
    },
  });
});

test('DOC-144 what is refused is answered with the class of searches; a busy server says when to ask again', () => {
  const codes = [
    [{ type: 'bad-text', problem: 'empty' }, 4001300, undefined],
    [{ type: 'not-member' }, 4031340, undefined],
    [{ type: 'not-found' }, 4041320, undefined],
    [{ type: 'busy' }, 5031350, 1],
    [{ type: 'too-fast', retryAfterMs: 1_500 }, 5031350, 2],
    [{ type: 'unavailable' }, 5001399, undefined],
  ] as const;
  for (const [refusal, code, retryAfter] of codes) {
    const api = new FakeSessionApi();
    const answer = ask(api);
    api.answer(refusal);
    const { status, data } = answer() as { status: number; data: { code: number; retry_after?: number } };
    assert.deepEqual([status, data.code, data.retry_after], [Math.floor(code / 10_000), code, retryAfter]);
  }
});
