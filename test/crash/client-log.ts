/** A message as somebody was shown it. */
export type Sight = { readonly id: string; readonly text: string };

/** What clients were told, kept apart from the server: the measure of what has to be on its disk. */
export class Journal {
  /** Texts of messages that were acknowledged. */
  readonly posted: string[] = [];
  /** Texts of edits that were acknowledged, with the message. */
  readonly edited: Sight[] = [];
  /** Everything that anybody was shown, with the message's id where the wire tells it, and the text alone where not. */
  readonly seen: Sight[] = [];
  readonly texts: string[] = [];
  /** Accounts whose making was acknowledged. */
  readonly accounts = new Set<string>();
  /** Tokens that were given out, by name. */
  readonly tokens = new Map<string, string>();
  /** Direct messages that were acknowledged, and who was shown which (`name text`). */
  readonly told: { readonly to: string; readonly text: string }[] = [];
  readonly heard = new Set<string>();
  /** Acknowledged friendships (`name other`), and members of the group. */
  readonly friends = new Set<string>();
  readonly joined = new Set<string>();
}
