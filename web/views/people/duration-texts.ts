import type { Duration } from '../../model/people/durations.ts';
import type { Texts } from '../../text/en.ts';

/** How the durations of mutes and bans are called. */
export function durationTexts(words: Texts['people']): { readonly [D in Duration]: string } {
  return { minutes: words.minutes(10), hour: words.hours(1), day: words.days(1), 'for-good': words.forGood };
}
