const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)/i;

/** The target of an HTTP request (RFC 9112, 3.2): its path without the query, and its host with the port if it names one. */
export function parseTarget(target: string): { readonly path: string; readonly host: string | null } {
  const absolute = ABSOLUTE.exec(target);
  if (!absolute) return { path: target.replace(/\?.*$/s, ''), host: null };
  const [, host = '', path = ''] = absolute;
  return { path: path === '' ? '/' : path, host }; // PORT-61
}
