/** A message as somebody was shown it. */
export type Sight = { readonly id: string; readonly text: string };

/** What clients were told, kept apart from the server: the measure of what has to be on its disk. */
export class Journal {
  /** Texts of messages that were acknowledged. */
  readonly posted: string[] = [];
  /** Texts of edits that were acknowledged, with the message. */
  readonly edited: Sight[] = [];
  /** Everything that anybody was shown. */
  readonly seen: Sight[] = [];
}
