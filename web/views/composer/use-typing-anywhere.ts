import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { goesNowhere, insertAtCursor, isComposing, typesCharacter } from './field.ts';

/** What is typed or pasted while nothing has the focus lands in this field. */
export function useTypingAnywhere(field: RefObject<HTMLTextAreaElement | null>, attach: (files: File[]) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      // The key comes to what has the focus after this, so it types into the field.
      if (!event.defaultPrevented && goesNowhere(event) && (typesCharacter(event) || isComposing(event)))
        field.current?.focus(); // WEB-67
    };
    const pasted = (event: ClipboardEvent) => {
      if (event.defaultPrevented || !goesNowhere(event)) return;
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (files.length > 0) attach(files);
      else if (text !== '' && field.current !== null) insertAtCursor(field.current, text);
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    document.addEventListener('paste', pasted);
    return () => {
      document.removeEventListener('keydown', pressed);
      document.removeEventListener('paste', pasted);
    };
  });
}
