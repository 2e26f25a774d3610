import { useEffect, useMemo } from 'preact/hooks';

/** Something that is made for a view and closed with it; another one when the inputs change. */
export function useStateOf<T extends { close(): void }>(make: () => T, inputs: readonly unknown[]): T {
  const made = useMemo(make, inputs);
  useEffect(() => () => made.close(), [made]);
  return made;
}
