import { useEffect, useState } from 'preact/hooks';
import { useApp } from './context.ts';

/** What messages stand on, in the shade where their colours are harder to read: see `--page` and `--surface` in colours.css. */
const GROUNDS = { light: '#f4f5f7', dark: '#1a1e24' } as const;

/** The colour that messages stand on in the present theme. */
export function useGround(): string {
  const { theme } = useApp().preferences.value;
  const [isDark, setDark] = useState(() => darkness().matches);
  useEffect(() => {
    const query = darkness();
    const changed = () => setDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  const shown = theme === 'system' ? (isDark ? 'dark' : 'light') : theme;
  return GROUNDS[shown];
}

function darkness(): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)');
}
