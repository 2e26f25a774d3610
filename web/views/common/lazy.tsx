import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLanguage } from './context.ts';
import { Problem } from './problem.tsx';

/** A view whose code is loaded when it is shown for the first time. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const { texts } = useLanguage();
    const [View, setView] = useState(() => loaded);
    const [hasFailed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== null) return;
      load().then(
        (view) => {
          loaded = view;
          setView(() => view);
        },
        // The server has another version of the page by now.
        () => setFailed(true),
      );
    }, []);
    if (View !== null) return <View {...props} />;
    return hasFailed ? <Problem text={texts.failures.partMissing} /> : null;
  };
}
