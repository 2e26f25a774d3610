import { decideAddUpload, decideDropUpload } from '../commands/uploads.ts';
import type { FileInfo, Upload } from '../model/file.ts';
import { directoryStream, type PersonId, personStream } from '../model/ids.ts';
import type { Done, ServiceContext } from './context.ts';

/** The files that people uploaded. Their bytes are elsewhere: on the disk before a file is added here. */
export class Files {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Adds an uploaded file of an account, which need not be present. */
  add(person: PersonId, file: FileInfo, done: Done<Upload>): void {
    const command = { type: 'add-upload', person, file } as const;
    this.#context.submit(
      [directoryStream, personStream(person)],
      (states, input) => decideAddUpload(states, command, input),
      done,
    );
  }

  /** Ends a file that no message names; if one names it by now, nothing changes. */
  drop({ person, id }: Pick<Upload, 'person' | 'id'>, done: Done<null>): void {
    const command = { type: 'drop-upload', person, id } as const;
    this.#context.submit([personStream(person)], (states, input) => decideDropUpload(states, command, input), done);
  }
}
