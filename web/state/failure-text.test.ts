import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentsError, type Failure, type OutboxMessage } from '../../src/protocols/documents/client.ts';
import { refused } from '../../src/protocols/documents/errors.ts';
import type { ErrorAnswer } from '../../src/protocols/documents/schema.ts';
import { allRefusals } from '../../testing/all-refusals.ts';
import { de } from '../text/de.ts';
import { en, type Texts } from '../text/en.ts';
import { failureText, unsentText } from './failure-text.ts';

const LANGUAGES: readonly Texts[] = [en, de];

function errorOf(answer: ErrorAnswer): DocumentsError {
  return new DocumentsError('refused', answer.data.msg, answer);
}

test('WEB-19 for every refusal of the server the page has a sentence of its own, in each language', () => {
  for (const texts of LANGUAGES) {
    for (const refusal of allRefusals) {
      for (const cls of ['login', 'add_child', 'patch_content']) {
        const error = errorOf(refused({ cls }, refusal));
        const text = failureText(error, texts);
        assert.notEqual(text, texts.failures.unexpected(error.message), refusal.type);
        assert.notEqual(text, error.message, refusal.type);
      }
    }
  }
});

test('WEB-19 what the server says by its codes and words is told apart', () => {
  const { failures } = en;
  const cases: readonly (readonly [cls: string, refusal: Parameters<typeof refused>[1], text: string])[] = [
    ['login', { type: 'wrong-credentials' }, failures.wrongLogin],
    ['password', { type: 'wrong-credentials' }, failures.wrongPassword],
    ['login', { type: 'name-registered' }, failures.nameRegistered],
    ['login', { type: 'name-taken' }, failures.nameTaken],
    ['register', { type: 'bad-name', problem: 'reserved' }, failures.nameReserved],
    ['register', { type: 'registration-closed' }, failures.registrationClosed],
    ['patch_content', { type: 'bad-status', problem: 'too-long' }, failures.lineTooLong],
    ['login', { type: 'banned', reason: 'spam' }, failures.banned('spam')],
    ['add_child', { type: 'too-fast', retryAfterMs: 4_200 }, failures.tooFast(5)],
    ['login', { type: 'busy' }, failures.busy],
    ['add_child', { type: 'too-many', what: 'rooms' }, failures.tooMany],
    ['get_content', { type: 'not-found' }, failures.notFound],
  ];
  for (const [cls, refusal, text] of cases) assert.equal(failureText(errorOf(refused({ cls }, refusal)), en), text);
});

test('WEB-19 a failure without an answer of the server has its sentence, too', () => {
  const codes: readonly Failure[] = ['offline', 'closed', 'unknown-outcome', 'unreadable', 'full'];
  const texts = codes.map((code) => failureText(new DocumentsError(code, 'words'), de));
  assert.ok(texts.every((text) => !text.includes('words')));
  assert.equal(failureText(new TypeError('lone surrogate'), en), en.failures.unexpected('lone surrogate'));
});

test('WEB-19 an unsent message says why in the same words', () => {
  const error = { status: 403, message: 'you are muted' };
  const message: OutboxMessage = { id: '1', room: { type: 'room', id: 1 }, text: 'a', state: 'refused', error };
  assert.equal(unsentText(message, de), de.failures.muted);
});
