import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TranscriptConnection, parseTranscript, playTranscript, type TranscriptTarget } from './transcript.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A target that answers each sent line as the test says; `null` ends the connection. */
function targetOf(answers: { readonly [line: string]: readonly (string | null)[] }) {
  const log: string[] = [];
  const queues = new Map<string, (string | null)[]>();
  const target: TranscriptTarget = {
    values: { server: 'Test (Server)' },
    barrier: { ask: (count) => `ping ${count}`, isAnswer: (count, line) => line === `pong ${count}` },
    connect: async (actor): Promise<TranscriptConnection> => {
      const queue: (string | null)[] = [];
      queues.set(actor, queue);
      log.push(`${actor} connects`);
      return {
        send(line) {
          log.push(`${actor} > ${line}`);
          const pong = line.startsWith('ping ') ? [line.replace('ping', 'pong')] : [];
          queue.push(...(answers[`${actor} > ${line}`] ?? pong));
        },
        async next() {
          const line = queue.shift();
          if (line === undefined) throw new Error('nothing came');
          return line;
        },
        close: () => void log.push(`${actor} closes`),
        drop: () => void log.push(`${actor} drops`),
      };
    },
    operate: async (action) => {
      log.push(`operator ${action}`);
      queues.get('alice')?.push(...(answers[`operator ${action}`] ?? []));
    },
  };
  return { target, log };
}

const fails = (text: string, answers: Parameters<typeof targetOf>[0], message: RegExp) =>
  assert.rejects(playTranscript(text, targetOf(answers).target), (error: Error) => message.test(error.message));

test('a transcript is read line by line, without comments and empty lines', () => {
  assert.deepEqual(
    parseTranscript(
      '# title\n\nalice connects\nbob connects by c2\nalice > a < b\noperator bans bob: spam\nalice <  x \nbob is closed',
    ).map(({ number, source, ...step }) => step),
    [
      { actor: 'alice', type: 'connects', by: null },
      { actor: 'bob', type: 'connects', by: 'c2' },
      { actor: 'alice', type: '>', text: 'a < b' },
      { actor: 'operator', type: 'operates', action: 'bans bob: spam' },
      { actor: 'alice', type: '<', text: ' x ' },
      { actor: 'bob', type: 'is closed' },
    ],
  );
  for (const line of [
    'alice',
    'alice says x',
    'alice >',
    'alice connects by',
    'alice closes by c2',
    'alice is  closed',
    ' alice connects',
  ]) {
    assert.throws(() => parseTranscript(line), SyntaxError, line);
  }
});

test('each `>` line is sent and each `<` line must be received, with one barrier at the end', async () => {
  const { target, log } = targetOf({ 'alice > hi': ['one', 'two'], 'operator acts': ['three'] });
  await playTranscript('alice connects\nalice > hi\nalice < one\nalice < two\noperator acts\nalice < three', target);
  assert.deepEqual(log, ['alice connects', 'alice > hi', 'operator acts', 'alice > ping 1', 'alice closes']);
});

test('a captured text must come again, and is sent in later lines', async () => {
  const other = ID.replace('0', '1');
  const { target, log } = targetOf({
    'alice > hi': [ID, `${ID}; 12`, '{"a":1}'],
    [`alice > edit ${ID}`]: ['ok', other],
  });
  const start =
    'alice connects\nalice > hi\nalice < {id:1}\nalice < {id:1}; {number}\nalice < {any}\nalice > edit {id:1}\n';
  await playTranscript(`${start}alice < ok\nalice < {id:2}`, target);
  assert.ok(log.includes(`alice > edit ${ID}`));
  await fails(
    `${start}alice < ok\nalice < {id:1}`,
    { 'alice > hi': [ID, `${ID}; 12`, 'x'], [`alice > edit ${ID}`]: ['ok', other] },
    /received: 1/,
  );
  await fails('alice connects\nalice > {id:9}', {}, /no value for \{id:9\}/);
  await fails('alice connects\nalice < {thing}', {}, /no value for \{thing\}/);
});

test('given values are texts, not patterns', async () => {
  const text = 'alice connects\nalice > {server}\nalice < {server}';
  await playTranscript(text, targetOf({ 'alice > Test (Server)': ['Test (Server)'] }).target);
  await fails(text, { 'alice > Test (Server)': ['Test Server'] }, /received: Test Server/);
});

test('a wrong, missing or surplus line and an early end fail with the number of the line', async () => {
  const text = 'alice connects\nalice > hi\nalice < one';
  await fails(text, { 'alice > hi': ['One'] }, /^line 3: alice < one\nreceived: One$/);
  await fails(text, { 'alice > hi': ['one '] }, /received: one $/);
  await fails(text, { 'alice > hi': [] }, /nothing came/);
  await fails(text, { 'alice > hi': [null] }, /ended/);
  await fails(text, { 'alice > hi': ['one', 'two'] }, /^at the end, alice: unexpected: two$/);
  await fails(text, { 'alice > hi': ['one', null] }, /at the end, alice: the connection has ended/);
});

test('a surplus line is found when its actor leaves or must hear nothing', async () => {
  for (const act of ['closes', 'drops', 'hears nothing']) {
    const text = `alice connects\nalice > hi\nalice ${act}`;
    await fails(text, { 'alice > hi': ['one'] }, new RegExp(`^line 3: alice ${act}\nunexpected: one$`));
    const { target, log } = targetOf({});
    await playTranscript(text, target);
    assert.equal(log.includes(`alice ${act}`), act !== 'hears nothing');
  }
});

test('an end must come at its line, and nothing before it', async () => {
  const text = 'alice connects\nalice > hi\nalice is closed\nalice connects';
  await playTranscript(text, targetOf({ 'alice > hi': [null] }).target);
  await fails(text, { 'alice > hi': ['one', null] }, /unexpected: one/);
  await fails(text, { 'alice > hi': [] }, /nothing came/);
});

test('an actor must connect first, and only once', async () => {
  await fails('alice > hi', {}, /not connected/);
  await fails('alice connects\nalice connects', {}, /already connected/);
  const { target } = targetOf({});
  const { operate, ...quiet } = target;
  assert.ok(operate);
  await assert.rejects(playTranscript('operator acts', quiet), /no operator/);
});

test('a connection may speak another protocol, with a barrier of its own', async () => {
  const { target, log } = targetOf({ 'alice > hi': ['one'] });
  const connect: TranscriptTarget['connect'] = async (actor, by) => {
    const connection = await target.connect(actor, by);
    if (by === null) return connection;
    const barrier = { ask: (count: number) => `hi ${count}`, isAnswer: (_: number, line: string) => line === 'lo' };
    return { ...connection, next: async () => 'lo', barrier };
  };
  await playTranscript('alice connects\nbob connects by other\nalice > hi\nalice < one', { ...target, connect });
  assert.deepEqual(log.slice(-4, -2), ['alice > ping 1', 'bob > hi 2']);
});

test('lines that the target maps to one line are equal', async () => {
  const { target } = targetOf({ 'alice > hi': [`B ${ID}`, `A ${ID}`] });
  const normalize = (line: string) => line.replace(/^[AB]/, (letter) => letter.toLowerCase());
  const text = 'alice connects\nalice > hi\nalice < b {id:1}\nalice < A {id:1}';
  await playTranscript(text, { ...target, normalize });
  await fails(text, { 'alice > hi': [`B ${ID}`] }, /received: B/);
});
