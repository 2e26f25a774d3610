import { useEffect, useRef } from 'preact/hooks';

/** After the view has changed, moves the focus to it if the element that had it is gone. */
export function useViewFocus(view: string): void {
  const before = useRef(view);
  useEffect(() => {
    if (before.current === view) return;
    before.current = view;
    // The view itself may give the focus to its field first; what is loaded later does it when it is there.
    requestAnimationFrame(() => {
      const main = document.querySelector<HTMLElement>('main');
      if (main === null || document.activeElement !== document.body) return;
      main.tabIndex = -1;
      main.focus(); // WEB-154
    });
  }, [view]);
}
