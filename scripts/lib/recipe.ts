/** Lines to insert into a file: after the only line that equals `after`, or at the end. */
export type Insertion = { readonly path: string; readonly after: string | null; readonly lines: readonly string[] };

/** A test that passes after a step. */
export type PassingTest = { readonly path: string; readonly title: string };

/** A step of a recipe: its insertions, and the tests that pass after it. */
export type Step = { readonly insertions: readonly Insertion[]; readonly passing: readonly PassingTest[] };

const HEADING = /^### \d+\. /m;
const DIFF = /^```diff\n([^]*?)^```$/gm;
const TEST = /^> `([^`]+)`: (.+?)\\?$/gm;

/** Reads the steps of a document, which begin at numbered headings. */
export function stepsOf(document: string): Step[] {
  return document
    .split(HEADING)
    .slice(1)
    .map((step) => ({
      insertions: [...step.matchAll(DIFF)].flatMap(([, diff = '']) => insertionsOf(diff)),
      passing: [...step.matchAll(TEST)].map(([, path = '', title = '']) => ({ path, title })),
    }));
}

/** Returns the text with the lines inserted; throws unless exactly one line equals `after`. */
export function applyInsertion(text: string, { path, after, lines }: Insertion): string {
  const before = text.split('\n');
  const found = after === null ? [before.length - 2] : [...before.keys()].filter((index) => before[index] === after);
  const [index] = found;
  if (index === undefined || found.length > 1) throw new Error(`${path} has ${found.length} lines that read ${after}`);
  return before.toSpliced(index + 1, 0, ...lines).join('\n');
}

/** The lines that were inserted into `before` to get `after`; null if there are other changes. */
export function addedLines(before: string, after: string): string[] | null {
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
    if (wrong !== undefined) throw new Error(`${path}: only insertions are allowed: ${wrong}`);
    return {
      path,
      after: lines[0]?.startsWith(' ') ? lines[0].slice(1) : null,
      lines: lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1)),
    };
  });
}
