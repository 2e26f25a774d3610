import assert from 'node:assert/strict';
import type { PersonId } from '../../src/core/model/ids.ts';
import type { Refusal } from '../../src/core/model/refusals.ts';
import { contentFields } from '../../src/protocols/documents/reading/contents.ts';
import { childRendering } from '../../src/protocols/documents/reading/entries.ts';
import type { Key } from '../../src/protocols/documents/schema.ts';
import { viewKeyOf } from '../../src/protocols/documents/view-keys.ts';
import type { Result } from '../../src/lib/result.ts';
import type { Page, ViewAnswer } from '../../src/views/answer.ts';
import type { Order } from '../../src/views/live/orders.ts';
import { type Child, type Content, Views } from '../../src/views/views.ts';
import type { TestApp } from '../../testing/app.ts';
import type { Answer, Json } from '../../testing/documents.ts';
import { countingIds } from '../../testing/ids.ts';

/** A request without its version. */
export type Request = { readonly cls: 'get_content' | 'get_children'; readonly data: Json & { readonly key: Key } };

/**
 * What the parts of documents are for one person by views that begin now: they remember nothing, so that they have missed no
 * change. In the order of the requests; null where there is nothing to read.
 */
export async function readAnew(app: TestApp, viewer: PersonId, requests: readonly Request[]): Promise<(Json | null)[]> {
  const views = new Views(app.world.reader, { clock: app.clock, ids: countingIds(0xffff) });
  const found = requests.map((): Json | null => null);
  let answered = 0;
  for (const [index, { cls, data }] of requests.entries()) {
    const { key } = data;
    const viewKey = viewKeyOf(key) ?? assert.fail();
    const set = (fields: Json | null) => {
      found[index] = fields;
      answered += 1;
    };
    if (cls === 'get_content')
      views.content(viewer, viewKey, null, (result) => {
        const content = wholeOf<Content>(result);
        set(content && { content: contentFields(content, key) });
      });
    else {
      const { view, size, page = 1, before = null } = data as Json as PageFields;
      views.page(viewer, viewKey, { order: view, size, index: page, before, version: null }, (result) => {
        const whole = wholeOf<Page<Child>>(result);
        const isThere = whole !== null && (whole.entries.length > 0 || page === 1);
        set(isThere ? { page: whole.entries.map(childRendering.fieldsOf), total: whole.total } : null);
      });
    }
  }
  for (let turns = 0; turns < 50 && answered < requests.length; turns++) await app.settle();
  assert.equal(answered, requests.length, 'views answer every request');
  views.close();
  return found;
}

type PageFields = { readonly view: Order; readonly size: number; readonly page?: number; readonly before?: number };

function wholeOf<T>(result: Result<ViewAnswer<T>, Refusal>): T | null {
  return result.ok && result.value.type === 'whole' ? result.value.value : null;
}

/** What an answer says of the same part. */
export function partOf({ status, data = {} }: Answer): Json | null {
  if (status !== 200) return null;
  return data.content === undefined ? { page: data.page, total: data.total } : { content: data.content };
}
