import { FACTS_PLACE, WEB } from './page.ts';

const REFERENCE = /(?<=\b(?:href|src)=")\/web\/([^"]*)(?=")/g;
const END_OF_HEAD = '</head>';

/**
 * Puts the names of the built files in place of those that `index.html` gives them, such as `/web/main.js`, and adds the chunks
 * that are to be loaded at once. Throws if a file is not there, or if there is no place for the facts about the server.
 */
export function fillTemplate(html: string, names: ReadonlyMap<string, string>, preloads: readonly string[]): string {
  for (const place of [FACTS_PLACE, END_OF_HEAD]) {
    if (html.split(place).length !== 2) throw new Error(`web/index.html has not one ${place}`);
  }
  const filled = html.replaceAll(REFERENCE, (_, source: string) => {
    const name = names.get(source);
    if (name === undefined) throw new Error(`web/index.html names ${WEB}${source}, and there is no such file`);
    return WEB + name;
  });
  const links = preloads.map((name) => `<link rel="modulepreload" href="${WEB}${name}" />`);
  return filled.replace(END_OF_HEAD, links.join('') + END_OF_HEAD);
}
