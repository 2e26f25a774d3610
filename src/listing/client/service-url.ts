/** The URL of a listing service without slashes at its end; null if the text is none. */
export function serviceUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, username, password, search, hash, href } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return null; // LIST-100
  return username + password + search + hash === '' ? href.replace(/[/?#]+$/, '') : null; // LIST-100
}
