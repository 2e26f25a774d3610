import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Press, SHORTCUTS, shortcutOf } from './shortcuts.ts';

function press(key: string, ...held: readonly ('ctrl' | 'meta' | 'alt' | 'shift')[]): Press {
  const [ctrlKey, metaKey, altKey, shiftKey] = (['ctrl', 'meta', 'alt', 'shift'] as const).map((one) =>
    held.includes(one),
  ) as [boolean, boolean, boolean, boolean];
  return { key, keyCode: 0, ctrlKey, metaKey, altKey, shiftKey, isComposing: false };
}

test('WEB-150 each key does one thing, with Control or with Command', () => {
  assert.equal(shortcutOf(press('k', 'ctrl'), true), 'switch');
  assert.equal(shortcutOf(press('K', 'meta'), false), 'switch');
  assert.equal(shortcutOf(press('ArrowUp', 'alt'), true), 'previous-room');
  assert.equal(shortcutOf(press('ArrowDown', 'alt', 'shift'), true), 'next-unread');
  assert.equal(shortcutOf(press('Escape'), true), 'close');
  assert.equal(shortcutOf(press('Escape', 'shift'), true), 'read-all');
  assert.equal(new Set(SHORTCUTS.map(({ key, held }) => [key, ...held].join())).size, SHORTCUTS.length);
});

test('WEB-150 other keys that are held make it another key', () => {
  for (const other of [
    press('k'),
    press('k', 'ctrl', 'shift'),
    press('k', 'ctrl', 'alt'),
    press('k', 'ctrl', 'meta'),
    press('ArrowUp'),
    press('ArrowUp', 'alt', 'ctrl'),
    press('Escape', 'alt'),
  ])
    assert.equal(shortcutOf(other, false), null);
});

test('WEB-151 letters act only where they would not be typed, and need Shift or not as the keyboard has it', () => {
  assert.equal(shortcutOf(press('/'), false), 'search');
  assert.equal(shortcutOf(press('/', 'shift'), false), 'search');
  assert.equal(shortcutOf(press('?', 'shift'), false), 'keys');
  assert.equal(shortcutOf(press('/'), true), null);
  assert.equal(shortcutOf(press('?', 'shift'), true), null);
  assert.equal(shortcutOf(press('/', 'ctrl'), false), null);
});

test('WEB-151 no key acts while an input method composes', () => {
  for (const { key } of SHORTCUTS) {
    for (const held of [[], ['alt'], ['ctrl'], ['shift']] as const) {
      assert.equal(shortcutOf({ ...press(key, ...held), isComposing: true }, false), null);
      assert.equal(shortcutOf({ ...press(key, ...held), keyCode: 229 }, false), null);
    }
  }
});
