import type { Encoding } from './page.ts';

const PREFERRED: readonly Encoding[] = ['br', 'gzip'];

/** Whether a client asks for HTML by name, as browsers do when they open a page. */
export function asksForHtml(accept: string | undefined): boolean {
  return weights(accept).get('text/html') === true;
}

/** The smallest of these encodings that a client takes by name. */
export function encodingFor(acceptEncoding: string | undefined, bodies: ReadonlyMap<Encoding, unknown>): Encoding {
  const accepted = weights(acceptEncoding);
  return PREFERRED.find((encoding) => bodies.has(encoding) && accepted.get(encoding) === true) ?? 'identity';
}

/** The words of such a header (RFC 9110, 12.4.2), and whether each is wanted: `q=0` says that it is not. */
function weights(header = ''): ReadonlyMap<string, boolean> {
  const words = header.toLowerCase().split(',');
  return new Map(
    words.map((word): [string, boolean] => {
      const [name = '', ...parameters] = word.split(';').map((part) => part.trim());
      return [name, !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))];
    }),
  );
}
