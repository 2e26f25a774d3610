import assert from 'node:assert/strict';
import { applyPatch, type Operation } from 'rfc6902';
import { contentPatch } from '../../src/protocols/documents/patches/content-patch.ts';
import { pagePatch } from '../../src/protocols/documents/patches/page-patch.ts';
import type { JsonObject } from '../../src/protocols/json-frames.ts';
import type { Answer, Json } from '../../testing/documents.ts';

/** A document or a page of it, as a client keeps it: the data of a whole answer. */
export type Copy = {
  readonly data: Json;
  readonly identity: string;
  readonly number: number;
  /** Grows when the server begins anew. */
  readonly run: number;
};

/** What came of comparing: which answer it was, or why there is none. */
export type Outcome = '200' | '204' | '206' | 'refused';

/** A whole answer as a copy. */
export function copyOf({ data = {} }: Answer, run: number): Copy {
  const [identity, number] = data.ver as [string, number];
  return { data, identity, number, run };
}

/**
 * Compares the answer to somebody who has `old` with the whole answer `fresh` of the same moment: old and patch make new, nothing
 * means that both are equal, and the whole is right only if no patch can be or is smaller. Throws where that is not so.
 */
export function compare(old: Copy, answer: Answer, fresh: Answer, run: number): Outcome {
  if (fresh.status !== 200) {
    assert.deepEqual([answer.status, answer.data], [fresh.status, fresh.data], 'the same refusal');
    return 'refused';
  }
  const now = copyOf(fresh, run);
  const isKnown = old.identity === now.identity;
  if (old.run !== run) assert.equal(isKnown, isLogged(now.data), 'which versions survive a restart');
  if (isLogged(now.data)) assert.ok(isKnown, 'a history has one identity');
  const isUnread = wasRead(old.data) && !wasRead(now.data); // Who had read it deleted the account (VIEW-37).
  if (isKnown) assert.ok(old.number <= now.number || isUnread, 'numbers grow');
  const isSame = isKnown && old.number === now.number;
  assert.equal(answer.status === 204, isSame, 'nothing for who has the current version, and only then');
  switch (answer.status) {
    case 204:
      assert.equal(answer.data, undefined);
      assert.equal(canonical(old.data), canonical(now.data), 'equal if nothing is new');
      return '204';
    case 206:
      assert.ok(isKnown, 'a patch for a known version only');
      assert.ok(bytesOf(answer.data ?? {}) <= bytesOf(now.data), 'a patch that is not longer than the whole');
      assert.equal(canonical(patched(old.data, answer.data ?? {})), canonical(now.data), 'old and patch make new');
      return '206';
    default:
      assert.equal(answer.status, 200, JSON.stringify(answer));
      assert.equal(canonical(answer.data), canonical(now.data), 'the whole is the same for all');
      if (isKnown) assert.ok(isUnread || isWholeRight(old.data, now.data), 'the whole where the patch is not smaller');
      return '200';
  }
}

/** Whether versions of it are positions in a room's stream: of messages and groups, but not of the content of a direct. */
function isLogged({ key, content, view }: Json): boolean {
  const { type } = key as { type: string };
  if (type === 'msg') return true;
  return type === 'room' && (view !== undefined || Object.hasOwn(content as Json, 'groupname'));
}

function wasRead({ key, content }: Json): boolean {
  return (key as { type: string }).type === 'msg' && (content as Json).read === true;
}

/** The old copy after the patch, with what the answer says beside it. */
export function patched(old: Json, { patch, ...rest }: Json): Json {
  const name = Object.hasOwn(old, 'content') ? 'content' : 'page';
  const part = structuredClone(old[name]);
  const failed = applyPatch(part, patch as Operation[]).filter((error) => error !== null);
  assert.deepEqual(failed, [], 'every operation can be applied');
  if (name === 'page') assert.equal(rest.page, rest.index, 'a patch has the number of the page twice');
  return { ...rest, [name]: part };
}

/** Whether the whole has fewer bytes than the answer with a patch, or what the text of a message was is not known. */
function isWholeRight(old: Json, now: Json): boolean {
  const { content, page, ...rest } = now;
  if (page !== undefined) {
    const patch = patchOf(old.page as JsonObject[], page as JsonObject[]);
    return bytesOf(now) < bytesOf({ ...rest, page: rest.index, patch });
  }
  const [before, after] = [old.content as JsonObject, content as JsonObject];
  const patch = contentPatch(before, after);
  const { type } = rest.key as { type: string };
  if (type === 'msg' && patch.some(({ path }) => path !== '/read')) return true;
  // What changed in a group and changed back is in its patch too.
  const unlike = { name: null, members: null, members_total: null };
  const longest = type === 'room' && isLogged(now) ? contentPatch({ ...after, ...unlike }, after) : patch;
  return bytesOf(now) < bytesOf({ ...rest, patch: longest });
}

/** The patch of a page; a changed message is replaced as a whole. */
function patchOf(old: readonly JsonObject[], now: readonly JsonObject[]): readonly unknown[] {
  const known = new Map(old.map((entry) => [canonical(entry), entry]));
  return pagePatch(
    old,
    now.map((entry) => known.get(canonical(entry)) ?? entry),
    {
      keyOf: ({ key }) => JSON.stringify(key),
      isKnown: ({ key }) => (key as { type: string }).type !== 'msg',
      fieldsOf: (entry) => entry,
    },
  );
}

function bytesOf(data: Json): number {
  return Buffer.byteLength(JSON.stringify(data));
}

/** The JSON of a value with the keys of its objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );
}
