import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { doubleNames, hasInName, isDouble } from '../../model/people/doubles.ts';
import type { PagedList } from '../../state/people/paged-list.ts';
import { useLanguage } from '../common/context.ts';
import { UnitItem } from '../directory/unit-item.tsx';
import { PersonItem } from './person-item.tsx';

type Props = {
  readonly list: PagedList;
  /** Only people with this text in their names. */
  readonly filter?: string;
  /** What is said where the list is empty. */
  readonly empty?: string;
};

/** People, page by page as one scrolls; those whose names are filtered are looked for on all pages. */
export function PersonList({ list, filter = '', empty = '' }: Props) {
  const { texts } = useLanguage();
  const end = useRef<HTMLLIElement>(null);
  const entries = list.entries.value;
  const doubles = useComputed(() => doubleNames(list.entries.value.filter((entry) => 'display_name' in entry))).value;
  const isFiltered = filter.trim() !== '';
  const shown = entries.filter((entry) => hasInName('display_name' in entry ? entry.display_name : entry.name, filter));

  useEffect(() => {
    if (isFiltered) list.loadMore(); // WEB-107
  }, [isFiltered, list, entries, list.isLoading.value]);
  useEffect(() => {
    const { current } = end;
    if (current === null) return;
    const observer = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && list.loadMore(), {
      rootMargin: '400px',
    });
    observer.observe(current); // WEB-106
    return () => observer.disconnect();
  }, [list, entries.length]);

  const isLoading = list.isLoading.value || (isFiltered && list.hasMore.value);
  return (
    <ul class="person-list">
      {shown.map((entry) =>
        'display_name' in entry ? (
          <PersonItem key={entry.key.id} person={entry} isDouble={isDouble(doubles, entry.display_name)} />
        ) : (
          <UnitItem key={`unit ${entry.key.id}`} unit={entry} />
        ),
      )}
      {shown.length === 0 && !isLoading && <li class="hint">{isFiltered ? texts.people.filterNone : empty}</li>}
      {(isLoading || list.hasMore.value) && (
        <li class="hint" ref={end}>
          {texts.people.loading}
        </li>
      )}
    </ul>
  );
}
