import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { SearchQuery } from '../../state/find/search.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { moveFocusIn } from './move-focus.ts';
import { SearchFilters } from './search-filters.tsx';
import { SearchResults } from './search-results.tsx';

/** A search begins when nothing was typed for so long. */
const PAUSE_MS = 250;
/** More is found when less than so many heights of the view are left. */
const AHEAD = 1;

/** The search: what is searched for is in the address of the page, so that going back shows the same again. */
export function SearchView({ query }: { readonly query: SearchQuery }) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const { search } = session;
  const view = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const state = search.state.value;

  useEffect(() => {
    search.start(query);
    if (field.current !== null && field.current.value !== query.text) field.current.value = query.text;
  }, [query.text, query.room, query.sender]);
  useLayoutEffect(() => {
    if (results.current !== null) results.current.scrollTop = search.scrollTop;
    field.current?.focus();
    if (view.current !== null) moveFocusIn(view.current, '.result');
    return () => clearTimeout(timer.current);
  }, []);

  const take = (text: string) => {
    clearTimeout(timer.current);
    app.router.replace({ type: 'search', ...query, text }); // WEB-132
  };
  const typed = (event: Event & { readonly currentTarget: HTMLInputElement }) => {
    clearTimeout(timer.current);
    if ('isComposing' in event && event.isComposing === true) return;
    const { value } = event.currentTarget;
    timer.current = setTimeout(() => take(value), PAUSE_MS);
  };
  const found = state.type === 'done' ? state.found : null;
  return (
    <main class="search" ref={view}>
      <header class="conversation-header">
        <IconButton
          class="only-small"
          icon="back"
          label={texts.menu.back}
          onClick={() => app.router.go({ type: 'home' })}
        />
        <h2>{texts.find.search}</h2>
      </header>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          take(field.current?.value ?? '');
        }}
      >
        <input
          ref={field}
          type="search"
          dir="auto"
          defaultValue={query.text}
          maxLength={256}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          aria-label={texts.find.field}
          placeholder={texts.find.field}
          onInput={typed}
          onCompositionEnd={typed}
        />
        <SearchFilters query={query} />
      </form>
      <div
        class="results"
        ref={results}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          search.scrollTop = scrollTop;
          if (scrollHeight - scrollTop - clientHeight < clientHeight * AHEAD) search.more();
        }}
      >
        <p class="hidden" role="status">
          {state.type === 'busy' && texts.find.searching}
          {found !== null && texts.find.found(found.msgs.length, found.next !== undefined)}
        </p>
        <SearchResults query={query} state={state} />
      </div>
    </main>
  );
}
