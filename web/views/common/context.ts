import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { App } from '../../state/app.ts';
import type { ConnectionWatch } from '../../state/connection-status.ts';
import type { ChatSession } from '../../state/session.ts';
import type { Language } from '../../text/languages.ts';

const AppContext = createContext<App | null>(null);
const LanguageContext = createContext<Language | null>(null);
const ConnectionContext = createContext<ConnectionWatch | null>(null);
const SessionContext = createContext<ChatSession | null>(null);

export const AppProvider = AppContext.Provider;
export const LanguageProvider = LanguageContext.Provider;
export const ConnectionProvider = ConnectionContext.Provider;
export const SessionProvider = SessionContext.Provider;

function needed<T>(value: T | null): T {
  if (value === null) throw new Error('this view is outside of its provider');
  return value;
}

/** The page. */
export function useApp(): App {
  return needed(useContext(AppContext));
}

/** The texts and the times in the language of the page. */
export function useLanguage(): Language {
  return needed(useContext(LanguageContext));
}

/** The person who is logged in. */
export function useSession(): ChatSession {
  return needed(useContext(SessionContext));
}

/** How the connection of this person is. */
export function useConnection(): ConnectionWatch {
  return needed(useContext(ConnectionContext));
}
