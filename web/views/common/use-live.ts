import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { LiveValue } from '../../../src/protocols/documents/client.ts';
import { Live } from '../../state/live.ts';

/** Watches something of the client for as long as the view is there, and as long as the inputs stay the same. */
export function useLive<T>(watch: () => LiveValue<T>, inputs: readonly unknown[]): Live<T> {
  const live = useMemo(() => new Live(watch()), inputs);
  // A view that goes before the page is drawn never runs its later effects.
  useLayoutEffect(() => () => live.close(), [live]);
  return live;
}
