import { type Decision, type DecisionInput, refuse, unchanged, write } from '../engine/decide.ts';
import type { PersonEntry } from '../model/entries.ts';
import type { FileInfo, Upload } from '../model/file.ts';
import { type PersonId, personStream } from '../model/ids.ts';
import type { States } from '../state/states.ts';

/** Notes a file that a person uploaded, so that one message may name it. */
export type AddUpload = { readonly type: 'add-upload'; readonly person: PersonId; readonly file: FileInfo };

/** Ends a file that no message names. */
export type DropUpload = { readonly type: 'drop-upload'; readonly person: PersonId; readonly id: string };

/** So many files of one person may wait for their message. */
const MAX_UPLOADS = 100;

/** Only accounts upload: what a guest uploads would belong to nobody in an hour. */
export function decideAddUpload(states: States, { person, file }: AddUpload, { now }: DecisionInput): Decision<Upload> {
  if (!states.directory.people.has(person)) return refuse({ type: 'guest' }); // WORLD-243
  const { uploads, position } = states.person(person);
  if (uploads.size >= MAX_UPLOADS) return refuse({ type: 'too-many', what: 'uploads' }); // WORLD-243
  const upload: Upload = { ...file, person, position: position + 1, at: now };
  return write(personStream(person), { type: 'file-uploaded', upload, at: now }, upload);
}

/** Changes nothing if a message names the file by now, or it has ended (WORLD-246). */
export function decideDropUpload(states: States, { person, id }: DropUpload, { now }: DecisionInput): Decision<null> {
  const upload = states.person(person).uploads.get(id);
  return upload === undefined ? unchanged(null) : write(personStream(person), uploadEnded(upload, now), null);
}

/** The entry that ends an upload: a message names the file, or it is dropped. */
export function uploadEnded({ person, id, position }: Upload, at: number): PersonEntry {
  return { type: 'upload-ended', person, id, uploaded: position, at };
}
