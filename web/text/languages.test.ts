import assert from 'node:assert/strict';
import { test } from 'node:test';
import { de } from './de.ts';
import { en } from './en.ts';
import { chooseLanguage } from './languages.ts';
import { plural } from './plural.ts';

/** Every text of a language under its name; those that are made of something are made of these values. */
function textsOf(texts: object, path = ''): Map<string, string> {
  const entries = Object.entries(texts).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    const here = `${path}/${name}`;
    if (typeof value === 'string') return [[here, value]];
    if (typeof value === 'object' && value !== null) return [...textsOf(value, here)];
    if (typeof value !== 'function') return [];
    return [1, 2].map((count) => [`${here} ${count}`, String(value(count, count))]);
  });
  return new Map(entries);
}

test('WEB-165 every text is in each language, and none is empty', () => {
  const [english, german] = [textsOf(en), textsOf(de)];
  assert.deepEqual([...german.keys()], [...english.keys()]);
  for (const [name, text] of [...english, ...german]) assert.notEqual(text.trim(), '', name);
});

test('WEB-165 counts take the form that the language has for them, and times are written as the region does', () => {
  assert.equal(en.rooms.unread(1), '1 unread message');
  assert.equal(en.rooms.unread(2), '2 unread messages');
  assert.equal(de.rooms.unread(1), '1 ungelesene Nachricht');
  assert.equal(de.rooms.unread(0), '0 ungelesene Nachrichten');
  assert.equal(en.conversation.latestUnread(10_000), '10,000 new messages');
  assert.equal(de.conversation.latestUnread(10_000), '10.000 neue Nachrichten');
  assert.equal(plural('ar', 2, { two: 'two', other: 'other' }), 'two');
  const time = new Date(2026, 11, 1, 15, 4).getTime();
  assert.match(chooseLanguage('system', ['de-AT']).times.time(time), /^15:04$/);
  assert.match(chooseLanguage('system', ['en-US']).times.time(time), /^3:04\sPM$/);
  assert.match(chooseLanguage('system', ['de']).times.day(time, time), /Dezember/);
});

test('WEB-165 the first wanted language that there is, is taken, and a choice comes first', () => {
  assert.equal(chooseLanguage('system', ['fr', 'de-CH', 'en']).texts, de);
  assert.equal(chooseLanguage('system', ['fr']).texts, en);
  assert.equal(chooseLanguage('en', ['de']).texts, en);
});
