import { useEffect, useMemo } from 'preact/hooks';
import type { App } from '../state/app.ts';
import { chooseLanguage } from '../text/languages.ts';
import { AppProvider, LanguageProvider, SessionProvider } from './common/context.ts';
import { Entrance } from './account/entrance.tsx';
import { Shell } from './shell.tsx';

/** All that is shown. */
export function Page({ app }: { readonly app: App }) {
  const { language: choice, theme } = app.preferences.value;
  const language = useMemo(() => chooseLanguage(choice, navigator.languages), [choice]);
  useEffect(() => {
    document.documentElement.lang = language.texts.language;
    document.documentElement.dataset['theme'] = theme;
  }, [language, theme]);
  return (
    <AppProvider value={app}>
      <LanguageProvider value={language}>
        <CurrentStage app={app} />
      </LanguageProvider>
    </AppProvider>
  );
}

function CurrentStage({ app }: { readonly app: App }) {
  const stage = app.stage.value;
  if (stage.type === 'starting') return null;
  if (stage.type !== 'inside') return <Entrance stage={stage} />;
  return (
    <SessionProvider value={stage.session} key={stage.key}>
      <Shell />
    </SessionProvider>
  );
}
