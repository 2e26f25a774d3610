import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A view whose code is loaded when it is shown first; until then nothing is shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Lazy(props: Props) {
    const [View, setView] = useState(() => loaded);
    useEffect(() => {
      if (View !== undefined) return;
      void load().then((view) => {
        loaded = view;
        setView(() => view);
      });
    }, []);
    return View === undefined ? null : <View {...props} />;
  };
}
