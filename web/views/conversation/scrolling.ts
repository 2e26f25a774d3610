import type { Place } from '../../state/conversation.ts';

/** The message at the top of a scroller, and how far below the upper edge it begins; null if there is none. */
export function placeIn(scroller: HTMLElement): Place | null {
  const top = scroller.getBoundingClientRect().top;
  for (const element of scroller.querySelectorAll<HTMLElement>('[data-number]')) {
    const box = element.getBoundingClientRect();
    if (box.bottom > top) return { number: Number(element.dataset['number']), offset: box.top - top };
  }
  return null;
}

/** Scrolls so that a place is where it was; false if its message is not there. */
export function scrollTo(scroller: HTMLElement, place: Place): boolean {
  if (place === 'end') {
    scroller.scrollTop = scroller.scrollHeight;
    return true;
  }
  const element = scroller.querySelector(`[data-number="${place.number}"]`);
  if (element === null) return false;
  const distance = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  const change = distance - place.offset;
  if (Math.abs(change) >= 1) scroller.scrollTop += change;
  return true;
}
