import assert from 'node:assert/strict';
import {
  deleted,
  fileInfo,
  inRoom,
  itemOf,
  ofPerson,
  postedFile,
  uploaded,
  uploadEnded,
} from '../../testing/storage/samples.ts';
import { personStream, roomStream } from '../core/model/ids.ts';
import type { Entry } from '../core/model/entries.ts';
import type { Message } from '../core/model/message.ts';
import type { Storage } from '../core/ports.ts';

const ADA = 7;
const BOB = 8;

/** Tests about files that every implementation of the port `Storage` must pass; each `rule` is one test on a fresh store. */
export function filesSuite(rule: (title: string, body: (storage: Storage) => Promise<void>) => void): void {
  rule('STORE-150 nothing of a file is left in the entries of what was deleted or has ended', async (storage) => {
    const posted = postedFile(1, 1, 'sent');
    const change = inRoom(1, 2, { type: 'message-edited', message: { ...messageIn(posted), edits: [2] }, at: 2 });
    await storage.append([itemOf([posted, change]), itemOf([uploaded(ADA, 1, 'a'), uploaded(ADA, 2, 'b')])]);
    await storage.append([itemOf([deleted(messageIn(change), 3)]), itemOf([uploadEnded(ADA, 3, 'a', 1)])]);
    const erased = { type: 'person-erased', person: ADA, replaces: null, uploads: [2], at: 1 } as const;
    await storage.append([itemOf([ofPerson(ADA, 4, erased)])]);
    const entries = await Promise.all([roomStream(1), personStream(ADA)].map((each) => storage.entries(each, 0, 9)));
    assert.deepEqual(
      entries.map(({ length }) => length),
      [3, 4],
    );
    assert.doesNotMatch(JSON.stringify(entries), /cat\.png|digest of/);
  });

  rule('STORE-151 a file is found by its id, until its message is deleted or it has ended', async (storage) => {
    const posted = postedFile(1, 1, 'sent');
    await storage.append([itemOf([posted]), itemOf([uploaded(ADA, 1, 'a'), uploaded(BOB, 1, 'b')])]);
    const found = () => Promise.all(['sent', 'a', 'b', 'none'].map(async (id) => (await storage.file(id))?.digest));
    assert.deepEqual(await found(), ['digest of sent', 'digest of a', 'digest of b', undefined]);
    assert.equal((await storage.file('sent'))?.name, 'cat.png');
    await storage.append([itemOf([uploadEnded(ADA, 2, 'a', 1)])]);
    assert.deepEqual(await found(), ['digest of sent', undefined, 'digest of b', undefined]);
    await storage.append([itemOf([deleted(messageIn(posted), 2)])]);
    await storage.append([itemOf([ofPerson(BOB, 2, { type: 'person-erased', person: BOB, replaces: null, at: 1 })])]);
    assert.deepEqual(await found(), [undefined, undefined, undefined, undefined]);
  });

  rule('STORE-151 what ends as an upload and begins as a file of a message in one append is found', async (storage) => {
    await storage.append([itemOf([uploaded(ADA, 1, 'a')])]);
    await storage.append([itemOf([postedFile(1, 1, 'a'), uploadEnded(ADA, 2, 'a', 1)])]);
    assert.equal((await storage.file('a'))?.id, 'a');
    assert.deepEqual((await storage.load(personStream(ADA))).uploads, []);
    assert.deepEqual((await storage.page(1, null, 1)).messages[0]?.file, fileInfo('a'));
  });

  rule('STORE-152 uploads are loaded with their person, and found by their age, the oldest first', async (storage) => {
    const uploads = [uploaded(ADA, 1, 'young', 30), uploaded(ADA, 2, 'old', 10), uploaded(BOB, 1, 'middle', 20)];
    await storage.append([itemOf(uploads)]);
    const { uploads: own } = await storage.load(personStream(ADA));
    assert.deepEqual(own.map(({ id, position }) => [id, position]).toSorted(), [
      ['old', 2],
      ['young', 1],
    ]);
    const before = async (at: number, limit: number) =>
      (await storage.uploadsBefore(at, limit)).map(({ id, person }) => [id, person]);
    assert.deepEqual(await before(30, 2), [
      ['old', ADA],
      ['middle', BOB],
    ]);
    assert.deepEqual(await before(10, 9), [['old', ADA]]);
    assert.deepEqual(await before(10.5, 9), [['old', ADA]], 'a time need not be whole');
    assert.deepEqual(await before(9.9, 9), []);
  });

  rule('STORE-153 the bytes of a person are those of all files, sent or not', async (storage) => {
    assert.equal(await storage.fileBytes(ADA), 0);
    const posted = postedFile(1, 1, 'sent');
    await storage.append([itemOf([posted]), itemOf([uploaded(ADA, 1, 'a'), uploaded(BOB, 1, 'b')])]);
    assert.deepEqual([await storage.fileBytes(ADA), await storage.fileBytes(BOB)], [18, 9]);
    await storage.append([itemOf([deleted(messageIn(posted), 2)])]);
    assert.equal(await storage.fileBytes(ADA), 9);
  });

  rule('STORE-154 of some digests those are told that a file has', async (storage) => {
    await storage.append([itemOf([postedFile(1, 1, 'sent'), postedFile(1, 2, 'gone'), uploaded(ADA, 1, 'a')])]);
    await storage.append([itemOf([deleted(messageIn(postedFile(1, 2, 'gone')), 3)])]);
    const asked = ['sent', 'gone', 'a', 'none'].map((id) => `digest of ${id}`);
    assert.deepEqual([...(await storage.namedDigests(asked))].toSorted(), ['digest of a', 'digest of sent']);
    assert.deepEqual(await storage.namedDigests(['digest of none']), []);
    assert.deepEqual(await storage.namedDigests([]), []);
  });
}

function messageIn({ body }: Entry): Message {
  if (!('message' in body)) throw new TypeError('this entry has no message');
  return body.message;
}
