import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkStored } from './check-stored.ts';
import { ClientLog } from './client-log.ts';

const TEXTS = ['ann 1', 'bob 1', 'ann 2', 'bob 2'];
const MESSAGES = TEXTS.map((text, index) => ({ id: `id ${index}`, room: 1, number: index + 1, text }));
const ENTRIES = MESSAGES.map((message, index) => ({
  name: 'room/1',
  position: index + 1,
  body: JSON.stringify({ type: 'message-posted', message }),
}));
const STORED = { entries: ENTRIES, current: MESSAGES.map((message) => JSON.stringify(message)) };

/** How many problems are found in four messages of two people, when clients were told this of them. */
function problems(told: (log: ClientLog) => void, stored = STORED): number {
  const log = new ClientLog();
  told(log);
  return checkStored(stored, log.copy()).problems.length;
}

/** The same, when one connection was shown these texts. */
function shown(name: string, ...texts: readonly string[]): number {
  return problems((log) => void log.view(name).push(...texts));
}

test('the check of a database finds what is missing, what is there twice, and what was refused', () => {
  assert.equal(
    problems((log) => void log.posted.push(...TEXTS)),
    0,
  );
  assert.equal(
    problems((log) => void log.posted.push('ann 3')),
    1,
  );
  assert.equal(
    problems((log) => void log.shownTexts.push('ann 3')),
    1,
  );
  assert.equal(
    problems((log) => void log.edited.push({ id: 'id 0', text: 'ann 1 edited' })),
    1,
  );
  assert.equal(
    problems((log) => void log.refused.push({ text: 'bob 2', reason: 'busy' })),
    1,
  );
  assert.equal(
    problems((log) => void log.refused.push({ text: 'bob 3', reason: 'busy' })),
    0,
  );
  const gap = { entries: ENTRIES.filter((_, index) => index !== 1), current: STORED.current };
  assert.equal(
    problems(() => {}, gap),
    4,
    'a position, two numbers, and a row without an entry',
  );
});

test('the check of a view finds a gap, a repetition and another order; one may begin late and leave out own messages', () => {
  assert.equal(shown('eve', ...TEXTS), 0);
  assert.equal(shown('eve', 'bob 1', 'ann 2'), 0);
  assert.equal(shown('ann', 'bob 1', 'bob 2'), 0);
  assert.equal(shown('eve', 'bob 1', 'bob 2'), 1);
  assert.equal(shown('eve', 'ann 1', 'ann 1'), 1);
  assert.equal(shown('eve', 'ann 1', 'ann 2', 'bob 1'), 2);
});

test('the check of a view takes edits that are shown later, and one that is shown in place of the message', () => {
  assert.equal(shown('eve', 'ann 1', 'bob 1', 'ann 1 edited', '* bob 1 edited', 'ann 2'), 0);
  assert.equal(shown('eve', 'ann 1 edited', 'bob 1'), 0);
  assert.equal(shown('eve', 'ann 1', 'ann 2 edited'), 1);
});
