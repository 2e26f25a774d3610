/** Lets the arrow keys up and down move the focus among the elements of a view that match, from its field on and back to it. */
export function moveFocusIn(view: HTMLElement, selector: string): void {
  view.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isHeld = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (step === undefined || isHeld || event.isComposing || event.target instanceof HTMLSelectElement) return;
    const all = [...view.querySelectorAll<HTMLElement>(selector)];
    const at = all.indexOf(event.target as HTMLElement);
    if (at < 0 && step < 0) return;
    event.preventDefault();
    const next = all[at + step];
    if (next !== undefined) next.focus();
    else if (step < 0) view.querySelector<HTMLElement>('input')?.focus();
  });
}
