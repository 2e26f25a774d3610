import { BoundedMap } from '../../../lib/bounded-map.ts';
import type { Page, Version, ViewAnswer } from '../../../views/answer.ts';
import type { Child, Content } from '../../../views/views.ts';
import type { Outgoing, Written } from '../codec.ts';
import { contentFields } from './contents.ts';
import { childRendering } from './entries.ts';
import { type Heading, refused } from '../errors.ts';
import type { ChildrenRequest } from '../handlers.ts';
import { contentPatch } from '../patches/content-patch.ts';
import { pagePatch } from '../patches/page-patch.ts';
import { smaller } from '../patches/smaller.ts';
import type { Down, Key } from '../schema.ts';

/** So many characters of answers are kept for others who ask the same. */
const KEPT = 16 * 1024 * 1024;

/** The data of an answer: the status and the JSON. */
type Data = Pick<Written, 'status' | 'data'>;

/** Answers what clients ask about documents: nothing new, a patch, or the whole. Equal answers are made once. */
export class ReadAnswers {
  readonly #made = new BoundedMap<Data>(KEPT, ({ data }) => data.length);

  /** The answer with the content of a document. */
  content(heading: Heading, key: Key, answer: ViewAnswer<Content>): Outgoing {
    return answer.type === 'same' ? unchanged(heading) : { heading, ...contentData(key, answer) };
  }

  /** The answer with a page of children. A page after the last is not found, but the first page of nothing is empty. */
  children(
    heading: Heading,
    request: ChildrenRequest,
    answer: ViewAnswer<Page<Child>>,
    since: Version | null,
  ): Outgoing {
    if (answer.type === 'same') return unchanged(heading);
    const { key, view, page, size } = request;
    const { entries } = answer.type === 'whole' ? answer.value : answer.after;
    if (page > 1 && entries.length === 0) return refused(heading, { type: 'unknown-page' }); // DOC-85
    const { identity, number } = answer.version;
    const from = answer.type === 'changed' ? since?.number : null;
    const name = `${key.type} ${key.id} ${identity} ${from} ${number} ${view} ${page} ${size} ${request.before}`;
    const known = this.#made.get(name); // DOC-86
    if (known !== undefined) return { heading, ...known };
    const made = pageData(request, answer);
    this.#made.set(name, made); // DOC-86
    return { heading, ...made };
  }
}

function contentData(key: Key, answer: Exclude<ViewAnswer<Content>, { type: 'same' }>): Data {
  const ver = versionOf(answer.version);
  const after = contentFields(answer.type === 'whole' ? answer.value : answer.after, key);
  const full = JSON.stringify({ key, ver, content: after });
  if (answer.type === 'whole') return { status: 200, data: full }; // DOC-80
  const patch = contentPatch(contentFields(answer.before, key), after);
  return choose(full, JSON.stringify({ key, ver, patch }));
}

function pageData(
  { key, view, page: index, size }: ChildrenRequest,
  answer: Exclude<ViewAnswer<Page<Child>>, { type: 'same' }>,
): Data {
  const ver = versionOf(answer.version);
  const { entries, total } = answer.type === 'whole' ? answer.value : answer.after;
  const page = entries.map((entry) => childRendering.fieldsOf(entry));
  const full = JSON.stringify({ key, ver, view, index, size, total, page }); // DOC-32
  if (answer.type === 'whole') return { status: 200, data: full }; // DOC-80
  const patch = pagePatch(answer.before.entries, entries, childRendering);
  return choose(full, JSON.stringify({ key, ver, view, page: index, index, size, total, patch })); // DOC-32
}

/** The patch, unless the whole is smaller. */
function choose(full: string, patch: string): Data {
  const data = smaller(full, patch);
  return { status: data === patch ? 206 : 200, data }; // DOC-64 DOC-80
}

function unchanged(heading: Heading): Down {
  return { type: 'result', ...heading, status: 204 } as Down; // DOC-80
}

function versionOf({ identity, number }: Version): [string, number] {
  return [identity, number];
}
