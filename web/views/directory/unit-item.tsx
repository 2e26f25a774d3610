import type { UnitEntry } from '../../../src/protocols/documents/client.ts';
import { formatRoute } from '../../model/route.ts';
import { useLanguage } from '../common/context.ts';
import { Icon } from '../common/icon.tsx';
import { unitName } from './unit-name.ts';

/** A unit in a list; a press shows who is in it. */
export function UnitItem({ unit }: { readonly unit: UnitEntry }) {
  const { texts } = useLanguage();
  return (
    <li>
      <a class="person-item" href={formatRoute({ type: 'people', unit: unit.key.id })}>
        <span class="avatar is-room" aria-hidden="true">
          <Icon name="unit" />
        </span>
        <bdi class="name">{unitName(unit.key.id, unit.name, texts)}</bdi>
      </a>
    </li>
  );
}
