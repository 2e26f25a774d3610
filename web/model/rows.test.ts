import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageEntry } from '../../src/protocols/documents/client.ts';
import { type RowOptions, rowsOf, type UnsentMessage } from './rows.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 2, 28, 12);
const SELF = 7;

const message = (number: number, sender: number, time: number, more: object = {}): MessageEntry => ({
  key: { type: 'msg', id: [1, number] },
  sender: { key: { type: 'user', id: sender }, name: `p${sender}` },
  time,
  text: `text ${number}`,
  edited: null,
  ...more,
});
const deleted = (number: number): MessageEntry => ({ key: { type: 'msg', id: [1, number] }, deleted: true });
const inZone = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  return (time: number) => format.format(time);
};
const rows = (messages: readonly MessageEntry[], options: Partial<RowOptions> = {}) => {
  const defaults = { self: SELF, newFrom: null, first: 1, dayOf: inZone('UTC'), unsent: [], now: NOON };
  return rowsOf(messages, { ...defaults, ...options });
};
const short = (...given: Parameters<typeof rows>) =>
  rows(...given).map((row) => {
    if (row.type === 'day' || row.type === 'new') return row.type;
    return `${row.type} ${row.type === 'message' ? row.message.key.id[1] : row.key}${row.isFirst ? '' : ' more'}`;
  });

test('WEB-45 a day begins with a line, and what one author says within five minutes is together', () => {
  const messages = [
    message(1, 1, NOON),
    message(2, 1, NOON + MINUTE),
    message(3, 2, NOON + MINUTE),
    message(4, 2, NOON + 7 * MINUTE),
    message(5, 2, NOON + 8 * MINUTE, { reply_to: { type: 'msg', id: [1, 1] } }),
    deleted(6),
    message(7, 2, NOON + 24 * 60 * MINUTE),
  ];
  assert.deepEqual(short(messages), [
    'day',
    'message 1',
    'message 2 more',
    'message 3',
    'message 4',
    'message 5',
    'message 6',
    'day',
    'message 7',
  ]);
});

test('WEB-45 days are those of the reader, also where a day has 23 or 25 hours', () => {
  // In Berlin the clock went from 2 to 3 on 29 March 2026, and from 3 to 2 on 25 October.
  for (const [before, after] of [
    [Date.UTC(2026, 2, 28, 22, 59), Date.UTC(2026, 2, 28, 23, 1)],
    [Date.UTC(2026, 2, 29, 21, 59), Date.UTC(2026, 2, 29, 22, 1)],
    [Date.UTC(2026, 9, 24, 21, 59), Date.UTC(2026, 9, 24, 22, 1)],
    [Date.UTC(2026, 9, 25, 22, 59), Date.UTC(2026, 9, 25, 23, 1)],
  ] as const) {
    const messages = [message(1, 1, before), message(2, 1, after)];
    assert.deepEqual(short(messages, { dayOf: inZone('Europe/Berlin') }), ['day', 'message 1', 'day', 'message 2']);
  }
});

test('WEB-45 a clock that was set back gives every row its own key', () => {
  const day = 24 * 60 * MINUTE;
  const keys = rows([message(1, 1, NOON), message(2, 1, NOON - day), message(3, 1, NOON)]).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});

test('WEB-43 the line of the unread ones is above the first message of somebody else, and not above what is not loaded', () => {
  const messages = [message(4, 1, NOON), message(5, SELF, NOON), deleted(6), message(7, 1, NOON)];
  assert.deepEqual(short(messages, { newFrom: 5, first: 1 }), [
    'day',
    'message 4',
    'message 5',
    'message 6',
    'new',
    'message 7',
  ]);
  assert.ok(!short(messages, { newFrom: 3, first: 4 }).includes('new'));
  assert.ok(!short(messages, { newFrom: 8, first: 4 }).includes('new'));
});

test('WEB-60 unsent messages come last, as if they were posted now', () => {
  const unsent: UnsentMessage[] = [
    { id: 'a', text: 'one', state: 'sending' },
    { id: 'b', text: 'two', state: 'waiting' },
    { id: 'c', text: 'three', state: 'waiting', replyTo: { type: 'msg', id: [1, 1] } },
  ];
  const messages = [message(1, SELF, NOON - MINUTE)];
  assert.deepEqual(short(messages, { unsent }), ['day', 'message 1', 'unsent a more', 'unsent b more', 'unsent c']);
  assert.deepEqual(short([message(1, 2, NOON)], { unsent }).slice(2), ['unsent a', 'unsent b more', 'unsent c']);
});
