import { useApp, useSession } from '../common/context.ts';

/** How many bytes a file may have that this person sends; 0 if the person may send none, as a guest. */
export function useMostFileBytes(): number {
  const { facts } = useApp();
  const self = useSession().self.value.value;
  return self === undefined || self.guest ? 0 : (facts.maxFileBytes ?? 0);
}
