import { useState } from 'preact/hooks';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { SearchField } from '../common/search-field.tsx';
import { FoundPeople } from './found-people.tsx';
import { ListView } from './list-view.tsx';
import { UnitPath } from './unit-path.tsx';

type Tab = 'all' | 'favourites' | 'blocked';
type Order = 'asc' | 'asc_pres_first';

/** All people of the server by units, one's favourites, and whom one has blocked. */
export function DirectoryView({ unit }: { readonly unit: number | undefined }) {
  const app = useApp();
  const { client } = useSession();
  const { texts } = useLanguage();
  const [tab, setTab] = useState<Tab>('all');
  const [order, setOrder] = useState<Order>('asc_pres_first');
  const [text, setText] = useState('');
  const { fav, blocked, root } = client.keys;
  const all = unit === undefined ? root : ({ type: 'unit', id: unit } as const);
  const tabs = ['all', 'favourites', ...(blocked ? ['blocked' as const] : [])] as const;
  const isFinding = text.trim() !== '';
  return (
    <main class="directory">
      <header class="conversation-header">
        <IconButton
          class="only-small"
          icon="back"
          label={texts.directory.back}
          onClick={() => app.router.go({ type: 'home' })}
        />
        <h2>{texts.directory.title}</h2>
      </header>
      <div class="directory-page">
        <SearchField label={texts.people.search} value={text} onInput={setText} />
        {isFinding ? (
          <FoundPeople text={text} />
        ) : (
          <>
            <div class="choices">
              <span class="ways" role="group" aria-label={texts.directory.title}>
                {tabs.map((name) => (
                  <button type="button" key={name} aria-pressed={tab === name} onClick={() => setTab(name)}>
                    {texts.directory[name]}
                  </button>
                ))}
              </span>
              <label class="order">
                <span class="hidden">{texts.directory.order}</span>
                <select value={order} onChange={({ currentTarget }) => setOrder(currentTarget.value as Order)}>
                  <option value="asc_pres_first">{texts.directory.onlineFirst}</option>
                  <option value="asc">{texts.directory.byName}</option>
                </select>
              </label>
            </div>
            {tab === 'all' && unit !== undefined && <UnitPath unit={unit} />}
            {tab === 'all' && (
              <ListView listKey={all} view={all === root ? 'asc' : order} empty={texts.directory.empty} />
            )}
            {tab === 'favourites' && <ListView listKey={fav} view={order} empty={texts.directory.noFavourites} />}
            {tab === 'blocked' && blocked && (
              <ListView listKey={blocked} view={order} empty={texts.directory.noBlocked} />
            )}
          </>
        )}
      </div>
    </main>
  );
}
