import { de } from './de.ts';
import { en, type Texts } from './en.ts';
import { Times } from './times.ts';

/** All that a language has. */
export type Language = { readonly texts: Texts; readonly times: Times };

const LANGUAGES: readonly Texts[] = [en, de];

/** The chosen language, or with `system` the first of the wanted ones that there is. */
export function chooseLanguage(choice: 'system' | 'en' | 'de', wanted: readonly string[]): Language {
  const names = choice === 'system' ? wanted : [choice];
  for (const name of names) {
    const texts = LANGUAGES.find(({ language }) => name.toLowerCase().split('-')[0] === language);
    // The region of the wanted language decides how times are written.
    if (texts !== undefined) return { texts, times: new Times(name) };
  }
  return { texts: en, times: new Times('en') };
}
