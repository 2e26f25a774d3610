/** Makes a field as high as its text; the style sheet says how high at most. */
export function fitHeight(field: HTMLTextAreaElement): void {
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}

/** Whether the key belongs to an input method, which uses it for its own list of words. */
export function isComposing(event: KeyboardEvent): boolean {
  // Safari ends the composition before the key that ended it; only the old code 229 tells.
  return event.isComposing || event.keyCode === 229; // WEB-61
}

/** Whether this key sends. A key that belongs to an input method never does. */
export function isSendKey(event: KeyboardEvent, sendKey: 'enter' | 'control-enter'): boolean {
  if (event.key !== 'Enter' || isComposing(event) || event.altKey) return false;
  const hasControl = event.ctrlKey || event.metaKey;
  return sendKey === 'enter' ? !event.shiftKey && !hasControl : hasControl; // WEB-62
}

/** Puts a text in place of the last `before` characters at the cursor, as if it was typed: so that the browser can undo it. */
export function insertAtCursor(field: HTMLTextAreaElement, text: string, before = 0): void {
  field.focus();
  const start = Math.max(0, field.selectionStart - before);
  field.setSelectionRange(start, field.selectionEnd);
  // No other way of changing a field keeps its history.
  if (document.execCommand('insertText', false, text)) return; // WEB-66
  field.setRangeText(text, start, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** Whether what is typed now goes nowhere: the focus is on nothing that takes keys, and no dialog is open. */
export function goesNowhere({ target }: Event): boolean {
  if (document.querySelector('dialog[open], [role="menu"]') !== null) return false;
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') === null;
}

/** Whether a key types a character. */
export function typesCharacter(event: KeyboardEvent): boolean {
  const isOnButton = event.target instanceof Element && event.target.closest('button, a, summary') !== null;
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey && !(isOnButton && event.key === ' ');
}
