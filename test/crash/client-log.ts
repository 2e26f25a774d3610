/** A message as a client was shown it. */
export type ShownMessage = { readonly id: string; readonly text: string };

/** What the server told clients. After a crash all of it must still be on its disk. */
export class ClientLog {
  /** The texts of acknowledged messages. */
  readonly posted: string[] = [];
  /** Acknowledged edits. */
  readonly edited: ShownMessage[] = [];
  /** Everything that clients were shown, and the texts alone where the protocol shows no ids. */
  readonly shown: ShownMessage[] = [];
  readonly shownTexts: string[] = [];
  /** Acknowledged accounts. */
  readonly accounts = new Set<string>();
  /** Issued tokens, by name. */
  readonly tokens = new Map<string, string>();
  /** Acknowledged direct messages, and those that were shown (`name text`). */
  readonly directs: { readonly to: string; readonly text: string }[] = [];
  readonly shownDirects = new Set<string>();
  /** Acknowledged contacts (`name other`). */
  readonly friends = new Set<string>();
}
