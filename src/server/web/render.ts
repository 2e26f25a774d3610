import type { WebFacts } from './facts.ts';
import { FACTS_PLACE } from './page.ts';

/** What the page is told: the facts, and the option without which a browser could not chat at this address. */
export type ToldFacts = WebFacts & { readonly missingOption: string | null };

/** The page with the facts in it, as JSON in which nothing can end the element that it is in. */
export function renderPage(template: string, facts: ToldFacts): string {
  const json = JSON.stringify(facts).replace(/[<>&\u2028\u2029]/g, escaped); // SERVER-248
  const place = FACTS_PLACE.replace('><', () => `>${json}<`);
  return template.replace(FACTS_PLACE, () => place);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
