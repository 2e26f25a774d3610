/** The columns by which the table can be sorted. */
export const SORTS = ['name', 'users', 'ping', 'uptime'] as const;
export type Sort = (typeof SORTS)[number];

/** What the address of the page asks for. */
export type PageQuery = {
  /** What names and addresses are searched for; empty without a search. */
  readonly q: string;
  readonly sort: Sort;
  /** From 1 on; may be after the last page. */
  readonly page: number;
};

/** The longest search, counted as browsers count `maxlength`. */
export const MAX_SEARCH = 64;
const DEFAULT_SORT: Sort = 'users';
const PAGE = /^[1-9]\d{0,5}$/;

/** Reads the search part of the page's address. Whatever is not valid is as if it was missing. */
export function parsePageQuery(search: URLSearchParams): PageQuery {
  const q = (search.get('q') ?? '').trim();
  const sort = search.get('sort');
  const page = search.get('page') ?? '';
  return {
    q: q.length <= MAX_SEARCH ? q : '', // LIST-80
    sort: SORTS.find((known) => known === sort) ?? DEFAULT_SORT, // LIST-80
    page: PAGE.test(page) ? Number(page) : 1, // LIST-80
  };
}

/** The address of another page, seen from this one, also where a proxy has put the service into a folder. */
export function linkTo({ q, sort, page }: PageQuery): string {
  const search = new URLSearchParams({
    ...(q !== '' && { q }),
    ...(sort !== DEFAULT_SORT && { sort }),
    ...(page !== 1 && { page: String(page) }),
  });
  return search.size === 0 ? './' : `?${search}`;
}
