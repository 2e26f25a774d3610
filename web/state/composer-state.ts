import { signal } from '@preact/signals';
import type { KeyOf, MessageEntry, OutboxMessage } from '../../src/protocols/documents/client.ts';
import type { ChatSession } from './session.ts';

/** What the text in the field is for. */
export type Purpose =
  | { readonly type: 'new' }
  | { readonly type: 'reply'; readonly number: number }
  | { readonly type: 'edit'; readonly number: number; readonly before: string };

/** What is being written in one room. The text itself is in the field; `text` is what the field is to show. */
export class ComposerState {
  readonly #session: ChatSession;
  readonly #room: number;
  /** The text that is kept as the draft. */
  #draft: string;
  readonly purpose = signal<Purpose>({ type: 'new' });
  /** Each new object replaces what is in the field. */
  readonly text = signal<{ readonly value: string }>({ value: '' });
  readonly problem = signal<string | null>(null);

  constructor(session: ChatSession, room: number) {
    this.#session = session;
    this.#room = room;
    const { text, replyTo } = session.drafts.read(room);
    this.#draft = text;
    this.text.value = { value: text };
    if (replyTo !== undefined) this.purpose.value = { type: 'reply', number: replyTo };
  }

  /** The person has changed the text. */
  typed(text: string): void {
    this.problem.value = null;
    const { type } = this.purpose.value;
    if (type === 'edit') return;
    this.#keep(text);
    this.#session.typing.typed(this.#room, text.trim() !== '');
  }

  reply(number: number): void {
    if (this.purpose.value.type === 'edit') this.cancel();
    this.purpose.value = { type: 'reply', number };
    this.#keep(this.#draft);
  }

  edit(message: MessageEntry): void {
    if ('deleted' in message) return;
    this.purpose.value = { type: 'edit', number: message.key.id[1], before: message.text };
    this.text.value = { value: message.text };
  }

  /** Makes an unsent message a draft again. */
  takeBack(message: OutboxMessage): void {
    if (!this.#session.client.outbox.drop(message.id)) return;
    this.purpose.value = message.replyTo ? { type: 'reply', number: message.replyTo.id[1] } : { type: 'new' };
    this.text.value = { value: message.text };
    this.#keep(message.text);
  }

  /** Ends a reply, or a change of a message: then the draft from before is back. */
  cancel(): void {
    const wasEdit = this.purpose.value.type === 'edit';
    this.purpose.value = { type: 'new' };
    this.problem.value = null;
    if (wasEdit) this.text.value = { value: this.#draft };
    else this.#keep(this.#draft);
  }

  /** Sends the text, or saves the change. False if there is nothing to send. */
  submit(text: string): boolean {
    if (text.trim() === '') return false;
    const purpose = this.purpose.value;
    this.#session.typing.stopped();
    if (purpose.type === 'edit') {
      if (text !== purpose.before) this.#saveEdit(purpose.number, text);
      this.cancel();
      return true;
    }
    const replyTo: KeyOf<'msg'> | null =
      purpose.type === 'reply' ? { type: 'msg', id: [this.#room, purpose.number] } : null;
    // What goes wrong is shown beside the message, in the outbox.
    this.#session.client
      .send({ type: 'room', id: this.#room }, text, { ...(replyTo && { replyTo }) })
      .catch((error: Error & { readonly code?: string }) => {
        if (error.code === 'full') this.problem.value = error.message;
      });
    this.purpose.value = { type: 'new' };
    this.text.value = { value: '' };
    this.#keep('');
    return true;
  }

  #saveEdit(number: number, text: string): void {
    const { client } = this.#session;
    client.patch({ type: 'msg', id: [this.#room, number] }, { text }).catch((error: Error) => {
      this.purpose.value = { type: 'edit', number, before: '' };
      this.text.value = { value: text };
      this.problem.value = error.message;
    });
  }

  #keep(text: string): void {
    this.#draft = text;
    const purpose = this.purpose.value;
    const replyTo = purpose.type === 'reply' ? purpose.number : undefined;
    this.#session.drafts.write(this.#room, { text, ...(replyTo !== undefined && { replyTo }) });
  }
}
