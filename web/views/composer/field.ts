/** Makes a field as high as its text; the style sheet says how high at most. */
export function fitHeight(field: HTMLTextAreaElement): void {
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}

/** Whether this key sends. A key that belongs to an input method never does. */
export function isSendKey(event: KeyboardEvent, sendKey: 'enter' | 'control-enter'): boolean {
  // Safari ends the composition before the key that ended it; only the old code 229 tells.
  const isComposing = event.isComposing || event.keyCode === 229;
  if (event.key !== 'Enter' || isComposing || event.altKey) return false;
  const hasControl = event.ctrlKey || event.metaKey;
  return sendKey === 'enter' ? !event.shiftKey && !hasControl : hasControl;
}
