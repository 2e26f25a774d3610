/** Lines that are put into a file: after the only line that reads like this, or at the end. */
export type Insertion = { readonly path: string; readonly after: string | null; readonly lines: readonly string[] };

/** A test that a step turns green. */
export type Green = { readonly path: string; readonly title: string };

/** A step of a recipe: what it puts where, and what shows that it is done. */
export type Step = { readonly insertions: readonly Insertion[]; readonly greens: readonly Green[] };

const HEADING = /^### \d+\. /m;
const DIFF = /^```diff\n([^]*?)^```$/gm;
const GREEN = /^> `([^`]+)`: (.+?)\\?$/gm;

/** The steps of a document, by their numbered headings. */
export function stepsOf(document: string): Step[] {
  return document
    .split(HEADING)
    .slice(1)
    .map((step) => ({
      insertions: [...step.matchAll(DIFF)].flatMap(([, diff = '']) => insertionsOf(diff)),
      greens: [...step.matchAll(GREEN)].map(([, path = '', title = '']) => ({ path, title })),
    }));
}

/** The text with these lines in it; throws where their place is not there, or not the only one. */
export function inserted(text: string, { path, after, lines }: Insertion): string {
  const before = text.split('\n');
  const places = after === null ? [before.length - 2] : [...before.keys()].filter((index) => before[index] === after);
  const [place] = places;
  if (place === undefined || places.length > 1)
    throw new Error(`${path} has ${places.length} lines that read ${after}`);
  return before.toSpliced(place + 1, 0, ...lines).join('\n');
}

/** The lines that a text has more than another; null where it is not the other one with lines put in. */
export function linesAdded(before: string, after: string): string[] | null {
  const rest = before.split('\n');
  const added = after.split('\n').filter((line) => {
    if (line !== rest[0]) return true;
    rest.shift();
    return false;
  });
  return rest.length === 0 ? added : null;
}

function insertionsOf(diff: string): Insertion[] {
  const files = diff.split(/^--- a\/.*\n\+\+\+ b\//m).slice(1);
  return files.map((file) => {
    const [path = '', ...lines] = file.trimEnd().split('\n');
    const wrong = lines.find((line) => !/^[ +]/.test(line));
    if (wrong !== undefined) throw new Error(`${path}: only insertions are known: ${wrong}`);
    return {
      path,
      after: lines[0]?.startsWith(' ') ? lines[0].slice(1) : null,
      lines: lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1)),
    };
  });
}
