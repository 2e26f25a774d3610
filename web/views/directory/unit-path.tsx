import { formatRoute } from '../../model/route.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { useLive } from '../common/use-live.ts';
import { unitName } from './unit-name.ts';

/** Where a unit is in the tree of units, with ways up. */
export function UnitPath({ unit }: { readonly unit: number }) {
  const { texts } = useLanguage();
  return (
    <nav class="unit-path" aria-label={texts.directory.units}>
      <a href={formatRoute({ type: 'people' })}>{texts.directory.top}</a>
      <Step unit={unit} isLast />
    </nav>
  );
}

function Step({ unit, isLast }: { readonly unit: number; readonly isLast: boolean }) {
  const { client } = useSession();
  const { texts } = useLanguage();
  const content = useLive(() => client.watch({ type: 'unit', id: unit }), [client, unit]).value.value;
  if (content === undefined) return null;
  return (
    <>
      {content.parent !== null && <Step unit={content.parent.id} isLast={false} />}
      <span aria-hidden="true">/</span>
      <a href={formatRoute({ type: 'people', unit })} aria-current={isLast ? 'page' : undefined}>
        <bdi>{unitName(unit, content.name, texts)}</bdi>
      </a>
    </>
  );
}
