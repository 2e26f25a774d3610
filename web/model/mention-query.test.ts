import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsQuery, mentionQuery } from './mention-query.ts';

test('WEB-69 what stands after an @ before the cursor asks for names', () => {
  assert.equal(mentionQuery('hello @a'), 'a');
  assert.equal(mentionQuery('@'), '');
  assert.equal(mentionQuery('(@Zoë'), 'Zoë');
  assert.equal(mentionQuery('a@b'), null);
  assert.equal(mentionQuery('@ada and'), null);
  assert.equal(mentionQuery(''), null);
});

test('WEB-69 names fit by their beginning, without regard to case and accents', () => {
  assert.ok(fitsQuery('zoe', 'zoe7', 'Zoë'));
  assert.ok(fitsQuery('Mül', 'km', 'Karl Müller'));
  assert.ok(fitsQuery('', 'ada', 'Ada'));
  assert.ok(!fitsQuery('da', 'ada', 'Ada'));
});
