import { type Signal, signal } from '@preact/signals';
import type { SentFile } from '../../../src/protocols/documents/client.ts';
import { randomId } from '../random-id.ts';
import type { UploadSlots } from './upload-slots.ts';

/** How far an upload has come. `status` is the server's answer, 0 if there was none. */
export type UploadState =
  | { readonly type: 'uploading'; readonly sent: number }
  | { readonly type: 'done'; readonly file: SentFile }
  | { readonly type: 'failed'; readonly status: number; readonly message: string };

/** One file on its way to the server. */
export class Upload {
  readonly id = randomId();
  readonly name: string;
  readonly size: number;
  /** The file of this machine, as long as it is not known to be on the server. */
  readonly file: File | null;
  readonly state: Signal<UploadState>;
  readonly #session: () => string;
  readonly #slots: UploadSlots | null;
  #request: XMLHttpRequest | null = null;

  private constructor(file: File | SentFile, session: () => string, slots: UploadSlots | null) {
    const isSent = 'address' in file;
    this.name = file.name;
    this.size = file.size;
    this.file = isSent ? null : file;
    this.state = signal(isSent ? { type: 'done', file } : { type: 'uploading', sent: 0 });
    this.#session = session;
    this.#slots = slots;
  }

  /** Sends a file of this machine. `session` gives the session of documents with which the server takes files. */
  static start(file: File, session: () => string, slots: UploadSlots): Upload {
    const upload = new Upload(file, session, slots);
    upload.start();
    return upload;
  }

  /** A file that is on the server already. */
  static done(file: SentFile): Upload {
    return new Upload(file, () => '', null);
  }

  /** Begins, or begins again. */
  start(): void {
    this.cancel();
    this.state.value = { type: 'uploading', sent: 0 };
    this.#slots?.enter(this);
  }

  /** Its turn has come. */
  run(): void {
    if (this.file === null) return;
    // Only this kind of request says how much of the body has left.
    const request = new XMLHttpRequest();
    this.#request = request;
    request.open('POST', `/files?name=${encodeURIComponent(this.file.name)}`);
    request.setRequestHeader('authorization', `Bearer ${this.#session()}`);
    request.upload.addEventListener('progress', ({ loaded }) => {
      this.state.value = { type: 'uploading', sent: loaded };
    });
    request.addEventListener('load', () => this.#answered(request));
    request.addEventListener('error', () => this.#failed(0, ''));
    request.send(this.file);
  }

  /** Ends the upload; nothing is told of it any more. */
  cancel(): void {
    const request = this.#request;
    this.#request = null;
    request?.abort();
    this.#slots?.leave(this);
  }

  #answered(request: XMLHttpRequest): void {
    if (request !== this.#request) return;
    this.#slots?.leave(this);
    const isDone = request.status >= 200 && request.status < 300;
    const answer = parsed(request.responseText);
    if (isDone && isSentFile(answer)) this.state.value = { type: 'done', file: answer };
    else this.#failed(request.status, isDone ? '' : request.responseText.slice(0, 200).trim());
  }

  #failed(status: number, message: string): void {
    if (this.#request === null) return;
    this.#slots?.leave(this);
    this.state.value = { type: 'failed', status, message };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isSentFile(value: unknown): value is SentFile {
  const file = value as Partial<SentFile> | null;
  return typeof file?.address === 'string' && typeof file.name === 'string' && typeof file.type === 'string';
}
