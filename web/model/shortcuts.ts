/** What a key does wherever one is in the page. */
export type ShortcutName =
  | 'switch'
  | 'search'
  | 'previous-room'
  | 'next-room'
  | 'previous-unread'
  | 'next-unread'
  | 'close'
  | 'read-all'
  | 'keys';

/** A key with those that are held; `letter`: it acts only where it would not be typed. */
export type Shortcut = {
  readonly name: ShortcutName;
  readonly key: string;
  readonly held: readonly ('control' | 'alt' | 'shift')[];
  readonly isLetter?: boolean;
};

/** All keys that act everywhere, in the order in which they are shown. */
export const SHORTCUTS: readonly Shortcut[] = [
  { name: 'switch', key: 'k', held: ['control'] },
  { name: 'search', key: '/', held: [], isLetter: true },
  { name: 'previous-room', key: 'ArrowUp', held: ['alt'] },
  { name: 'next-room', key: 'ArrowDown', held: ['alt'] },
  { name: 'previous-unread', key: 'ArrowUp', held: ['alt', 'shift'] },
  { name: 'next-unread', key: 'ArrowDown', held: ['alt', 'shift'] },
  { name: 'close', key: 'Escape', held: [] },
  { name: 'read-all', key: 'Escape', held: ['shift'] },
  { name: 'keys', key: '?', held: [], isLetter: true },
];

/** A key press, as the browser tells it. */
export type Press = Pick<
  KeyboardEvent,
  'key' | 'keyCode' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'
>;

/** What a key press means; null for nothing. `isTyping`: what has the focus takes text. */
export function shortcutOf(press: Press, isTyping: boolean): ShortcutName | null {
  // Safari ends a composition before the key that ended it; only the old code 229 tells.
  if (press.isComposing || press.keyCode === 229) return null; // WEB-151
  // WEB-150
  const found = SHORTCUTS.find((shortcut) => isPressed(shortcut, press) && !(shortcut.isLetter === true && isTyping));
  return found?.name ?? null;
}

function isPressed({ key, held, isLetter }: Shortcut, press: Press): boolean {
  if (press.key.toLowerCase() !== key.toLowerCase()) return false;
  const control = press.ctrlKey !== press.metaKey;
  if ((press.ctrlKey || press.metaKey) && !control) return false;
  if (control !== held.includes('control') || press.altKey !== held.includes('alt')) return false;
  // Where `?` and `/` are on a keyboard, some need Shift for it.
  return isLetter === true || press.shiftKey === held.includes('shift');
}
