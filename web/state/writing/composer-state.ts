import { signal } from '@preact/signals';
import type { Client, KeyOf, MessageEntry } from '../../../src/protocols/documents/client.ts';
import { fileOf, textBesideFile } from '../../model/sent-file.ts';
import { bytesOver, trimmedText } from '../../model/text-size.ts';
import type { Draft, Drafts } from './drafts.ts';
import type { NewMessage, Outgoing } from './outgoing.ts';
import type { TypingNotices } from '../typing.ts';
import type { UploadSlots } from './upload-slots.ts';
import { Upload } from './upload.ts';

/** What the text in the field is for. */
export type Purpose =
  | { readonly type: 'new' }
  | { readonly type: 'reply'; readonly number: number }
  | { readonly type: 'edit'; readonly number: number; readonly before: string };

/** Why something was not done: the server's own words, or a file that is too large. */
export type ComposerProblem =
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'too-large'; readonly name: string };

/** What a composer needs of the session that it is in. */
export type ComposerContext = {
  readonly client: Client;
  readonly drafts: Drafts;
  readonly typing: TypingNotices;
  readonly outgoing: Outgoing;
  readonly uploadSlots: UploadSlots;
};

/** What is being written in one room, for as long as the person is logged in. The field has its own text; `shown` replaces it. */
export class ComposerState {
  readonly #context: ComposerContext;
  readonly #room: number;
  /** What is written and not sent, apart from a change of a message. */
  #draft = '';
  /** What is in the field. */
  #text = '';
  readonly purpose = signal<Purpose>({ type: 'new' });
  /** What the field is to show; each new object replaces what is in it. */
  readonly shown = signal<{ readonly value: string }>({ value: '' });
  /** Whether the text is too long, or nearly: by how many bytes. */
  readonly over = signal(Number.NEGATIVE_INFINITY);
  readonly problem = signal<ComposerProblem | null>(null);
  /** The files that the next message has. */
  readonly uploads = signal<readonly Upload[]>([]);
  /** Grows when the field is to get the focus. */
  readonly focusWanted = signal(0);

  constructor(context: ComposerContext, room: number) {
    this.#context = context;
    this.#room = room;
    this.#read();
  }

  /** What is in the field, or is to be in it when it is shown again. */
  get text(): string {
    return this.#text;
  }

  /** Takes the draft from another tab. */
  changedElsewhere(): void {
    const { edit, text } = this.#context.drafts.read(this.#room);
    const isEditing = this.purpose.peek().type === 'edit' || edit !== undefined;
    if (isEditing) this.#draft = text;
    else this.#read(); // WEB-65
  }

  /** The person has changed the text. */
  typed(text: string): void {
    this.problem.value = null;
    this.over.value = bytesOver(text);
    this.#keep(text);
    if (this.purpose.value.type !== 'edit') this.#context.typing.typed(this.#room, text.trim() !== '');
  }

  focus(): void {
    this.focusWanted.value += 1;
  }

  reply(number: number): void {
    if (this.purpose.value.type === 'edit') this.cancel();
    this.purpose.value = { type: 'reply', number };
    this.#keep(this.#draft);
    this.focus();
  }

  edit(message: MessageEntry): void {
    if ('deleted' in message) return;
    const before = textBesideFile(message.text, fileOf(message));
    this.purpose.value = { type: 'edit', number: message.key.id[1], before };
    this.#show(before);
    this.#keep(before);
    this.focus();
  }

  /** Makes a message that was not sent a draft again; what is in the field goes on below it. */
  takeBack({ text, replyTo }: NewMessage, upload: Upload | null = null): void {
    if (this.purpose.value.type === 'edit') this.cancel();
    if (replyTo !== undefined) this.purpose.value = { type: 'reply', number: replyTo.id[1] };
    const both = [text, this.#draft].filter((part) => part !== '').join('\n');
    if (upload !== null) this.uploads.value = [...this.uploads.value, upload];
    this.#show(both);
    this.#keep(both); // WEB-64
    this.focus();
  }

  /** Ends a reply, or a change of a message: then the draft from before is back. */
  cancel(): void {
    const wasEdit = this.purpose.value.type === 'edit';
    this.purpose.value = { type: 'new' };
    this.problem.value = null;
    if (wasEdit) this.#show(this.#draft);
    this.#keep(this.#draft);
  }

  /** Adds files to the next message; `most` is how many bytes one may have. */
  attach(files: readonly File[], most: number): void {
    if (this.purpose.value.type === 'edit') this.cancel();
    const large = files.find(({ size }) => size > most);
    this.problem.value = large === undefined ? null : { type: 'too-large', name: large.name }; // WEB-70
    const fit = files.filter(({ size }) => size <= most);
    const session = () => this.#context.client.session.session;
    this.uploads.value = [
      ...this.uploads.value,
      ...fit.map((file) => Upload.start(file, session, this.#context.uploadSlots)),
    ];
    this.focus();
  }

  detach(upload: Upload): void {
    upload.cancel();
    this.uploads.value = this.uploads.value.filter((other) => other !== upload);
    this.focus();
  }

  /** Sends the text and the files, or saves the change. False if there is nothing to send, or too much. */
  submit(typed: string): boolean {
    const text = trimmedText(typed);
    const purpose = this.purpose.value;
    const uploads = this.uploads.value;
    if ((text === '' && uploads.length === 0) || bytesOver(text) > 0) return false;
    if (purpose.type === 'edit') {
      if (text !== purpose.before) this.#saveEdit(purpose.number, purpose.before, text);
      this.cancel();
      return true;
    }
    this.#context.typing.stopped();
    const room = { type: 'room', id: this.#room } as const;
    const replyTo: KeyOf<'msg'> | null =
      purpose.type === 'reply' ? { type: 'msg', id: [this.#room, purpose.number] } : null;
    this.purpose.value = { type: 'new' };
    this.uploads.value = [];
    this.problem.value = null;
    this.#show('');
    this.#keep('');
    this.#context.outgoing.send({ room, text, ...(replyTo && { replyTo }) }, uploads);
    return true;
  }

  /** The outbox did not take a message: it is a draft again. */
  givenBack(message: NewMessage, error: Error): void {
    this.takeBack(message);
    this.problem.value = { type: 'failed', error };
  }

  #saveEdit(number: number, before: string, text: string): void {
    this.#context.client.patch({ type: 'msg', id: [this.#room, number] }, { text }).catch((error: unknown) => {
      this.purpose.value = { type: 'edit', number, before };
      this.#show(text);
      this.#keep(text);
      this.problem.value = { type: 'failed', error };
    });
  }

  /** Begins with what was kept. */
  #read(): void {
    const { text, replyTo, edit } = this.#context.drafts.read(this.#room);
    this.#draft = text;
    this.purpose.value =
      edit !== undefined
        ? { type: 'edit', number: edit.number, before: edit.before }
        : replyTo !== undefined
          ? { type: 'reply', number: replyTo }
          : { type: 'new' };
    this.#show(edit?.text ?? text);
  }

  #show(value: string): void {
    this.#text = value;
    this.shown.value = { value };
    this.over.value = bytesOver(value);
  }

  /** Keeps what is in the field over a visit to another room and a reload. */
  #keep(text: string): void {
    const purpose = this.purpose.value;
    this.#text = text;
    if (purpose.type !== 'edit') this.#draft = text;
    const draft: Draft = {
      text: this.#draft,
      ...(purpose.type === 'reply' && { replyTo: purpose.number }),
      ...(purpose.type === 'edit' && { edit: { number: purpose.number, before: purpose.before, text } }),
    };
    this.#context.drafts.write(this.#room, draft); // WEB-65
  }
}
