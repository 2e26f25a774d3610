/** Which state of a document an asker has: a history, and how far in it. Numbers grow within one identity. */
export type Version = { readonly identity: string; readonly number: number };

/** One page of a document's children, and how many children there are in all. */
export type Page<E> = { readonly entries: readonly E[]; readonly total: number };

/**
 * What a view answers to somebody who has a version: nothing new, the whole, or what it was and what it is. Parts without a
 * change are the same objects in both.
 */
export type ViewAnswer<T> =
  | { readonly type: 'same'; readonly version: Version }
  | { readonly type: 'whole'; readonly version: Version; readonly value: T }
  | { readonly type: 'changed'; readonly version: Version; readonly before: T; readonly after: T };

/** Pages count from 1. */
export type PageRequest = { readonly size: number; readonly index: number };
