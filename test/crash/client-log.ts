import { Condition } from '../../testing/condition.ts';

/** A message as a client was shown it. */
export type ShownMessage = { readonly id: string; readonly text: string };

/** What a client was told instead of an acknowledgement. */
export type RefusedMessage = { readonly text: string; readonly reason: string };

/** The texts that one connection of a person was shown of rooms, in its order. Own messages may be left out. */
export type View = { readonly name: string; readonly texts: readonly string[] };

/** What the server told clients. After a crash all of it must still be on its disk. */
export class ClientLog {
  /** The texts of acknowledged messages. */
  readonly posted: string[] = [];
  /** Messages and edits that were refused. */
  readonly refused: RefusedMessage[] = [];
  /** Why nobody can say any more what became of a message, although a session should tell. */
  readonly lost: string[] = [];
  /** Acknowledged edits. */
  readonly edited: ShownMessage[] = [];
  /** Everything that clients were shown, and the texts alone where the protocol shows no ids. */
  readonly shown: ShownMessage[] = [];
  readonly shownTexts: string[] = [];
  /** What each connection was shown. */
  readonly views: { readonly name: string; readonly texts: string[] }[] = [];
  /** Acknowledged accounts. */
  readonly accounts = new Set<string>();
  /** Issued tokens, by name. */
  readonly tokens = new Map<string, string>();
  /** Acknowledged direct messages, and those that were shown (`name text`). */
  readonly directs: { readonly to: string; readonly text: string }[] = [];
  readonly shownDirects = new Set<string>();
  /** Acknowledged contacts (`name other`). */
  readonly friends = new Set<string>();
  /** Told of each message of the server, once it is noted here. */
  readonly changed = new Condition();

  /** Begins the view of a new connection; the caller adds to it what it is shown. */
  view(name: string): string[] {
    const texts: string[] = [];
    this.views.push({ name, texts });
    return texts;
  }

  /** What was told of messages so far: clients may go on. */
  copy(): ToldOfMessages {
    const { posted, refused, edited, shown, shownTexts, views } = this;
    return {
      posted: [...posted],
      refused: [...refused],
      edited: [...edited],
      shown: [...shown],
      shownTexts: [...shownTexts],
      views: views.map(({ name, texts }) => ({ name, texts: [...texts] })),
    };
  }
}

/** What clients were told of messages. */
export type ToldOfMessages = {
  readonly posted: readonly string[];
  readonly refused: readonly RefusedMessage[];
  readonly edited: readonly ShownMessage[];
  readonly shown: readonly ShownMessage[];
  readonly shownTexts: readonly string[];
  readonly views: readonly View[];
};
