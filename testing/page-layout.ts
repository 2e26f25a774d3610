import type { Page } from 'playwright-core';

/** What one would trip over in what a page shows now: it is wider than the screen, text is cut, a target is too small. */
export function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(findProblems);
}

/** Runs in the page. */
function findProblems(): string[] {
  const SMALLEST = 24;
  const TARGETS = 'a[href], button, input, select, textarea, summary, [role="button"], [role="option"], [role="tab"]';
  const width = document.documentElement.clientWidth;
  const problems: string[] = [];

  const nameOf = (element: Element) => {
    const { tagName } = element;
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40);
    return `${tagName.toLowerCase()}.${(element.getAttribute('class') ?? '').trim().replaceAll(/\s+/g, '.')} "${words}"`;
  };
  /** What only screen readers find is neither cut nor pressed. */
  const isShown = (element: Element): boolean => {
    if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
    for (let one: Element | null = element; one !== null; one = one.parentElement)
      if (getComputedStyle(one).clipPath !== 'none') return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0;
  };
  const isInScroller = (element: Element): boolean => {
    for (let one = element.parentElement; one !== null && one !== document.body; one = one.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowX)) return true;
    return false;
  };
  const hasText = (element: Element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim() !== '');
  const isInline = (element: Element) =>
    getComputedStyle(element).display === 'inline' && element.closest('p, .text') !== null;

  if (document.documentElement.scrollWidth > width)
    problems.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  for (const element of document.querySelectorAll('body *')) {
    if (!(element instanceof HTMLElement) || !isShown(element)) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const isWide = (one: Element) =>
      one.getBoundingClientRect().right > width + 1 || one.getBoundingClientRect().left < -1;
    // The innermost ones are the cause; what is around them is only as wide.
    const isCause = isWide(element) && ![...element.children].some(isWide);
    if (isCause && style.position !== 'fixed' && !isInScroller(element))
      problems.push(`wider than the page: ${nameOf(element)}`);
    const scrolls = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    if (scrolls && !element.matches('pre, textarea, input')) problems.push(`scrolls sideways: ${nameOf(element)}`);
    const cutsX = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const cutsY = /hidden|clip/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 2;
    if (hasText(element) && ((cutsX && style.textOverflow !== 'ellipsis') || cutsY))
      problems.push(`cut: ${nameOf(element)}`);
    if (element.matches(TARGETS) && !isInline(element)) {
      const area = (element instanceof HTMLInputElement && element.labels?.[0]?.getBoundingClientRect()) || box;
      const least = Math.min(Math.max(box.width, area.width), Math.max(box.height, area.height));
      if (least < SMALLEST - 0.1)
        problems.push(`too small (${Math.round(box.width)} x ${Math.round(box.height)}): ${nameOf(element)}`);
    }
  }
  return [...new Set(problems)];
}
