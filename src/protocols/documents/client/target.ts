import type { JsonObject } from '../../json-frames.ts';
import type { Key, Success, Version, ViewName } from '../schema.ts';
import { applyChanges } from './apply-changes.ts';
import { shared } from './shared.ts';

/** The fields of a document. */
export type Content = JsonObject;

/** A page of a document's children. */
export type Page<E = JsonObject> = {
  readonly view: ViewName;
  /** The number of the page, from 1 on. */
  readonly index: number;
  /** The most entries that it may have. */
  readonly size: number;
  /** The number of all children, on all pages. */
  readonly total: number;
  readonly entries: readonly E[];
};

/** Which page of which view. `before` leaves out a room's messages from this number on. Without a value the server chooses. */
export type PageOptions = {
  readonly view?: ViewName;
  readonly page?: number;
  readonly size?: number;
  readonly before?: number;
};

/** What can be read: the content of a document, or a page of its children. */
export type Target =
  | { readonly cls: 'get_content'; readonly data: { readonly key: Key } }
  | { readonly cls: 'get_children'; readonly data: PageOptions & { readonly key: Key } };

/** What a copy holds. */
export type Copied = { readonly value: Content | Page; readonly version: Version };

/** The name of a document. */
export function nameOf({ type, id }: Key): string {
  return `${type} ${id}`;
}

/** The same for equal targets. */
export function targetName({ cls, data }: Target): string {
  if (cls === 'get_content') return `content of ${nameOf(data.key)}`;
  const { key, view, page, size, before } = data;
  return `children of ${nameOf(key)} ${JSON.stringify([view, page, size, before])}`;
}

/**
 * What a copy holds after the answer to a question since a version, or since none; null if the answer does not fit. What is as in
 * `before`, the last value, is the same object.
 */
export function afterAnswer(since: Copied | null, before: Content | Page | undefined, answer: Success): Copied | null {
  if ((answer.cls !== 'get_content' && answer.cls !== 'get_children') || answer.status === 204) return since;
  const { ver: version } = answer.data;
  const value = answer.cls === 'get_content' ? contentOf(since, answer) : pageOf(since, answer);
  return value && { value: shared(before, value), version };
}

type Answered<C extends string> = Extract<Success, { cls: C; data: unknown }>;

function contentOf(since: Copied | null, { status, data }: Answered<'get_content'>): Content | null {
  if (status === 200) return data.content;
  return since && applyChanges(since.value as Content, data.patch); // DOC-185
}

function pageOf(since: Copied | null, { status, data }: Answered<'get_children'>): Page | null {
  const entries = status === 200 ? data.page : since && applyChanges((since.value as Page).entries, data.patch); // DOC-185
  if (entries === null || entries.length > data.size) return null; // DOC-185
  const { view, index, size, total } = data;
  return { view, index, size, total, entries };
}
