/**
 * A TypeScript text with some parts blanked out, so that positions stay the same: `code` is without comments and without
 * the content of strings and regular expressions, `uncommented` without comments, `comments` without everything else.
 */
export type Views = { readonly code: string; readonly uncommented: string; readonly comments: string };

type Kind = 'code' | 'literal' | 'comment';
type Piece = { readonly kind: Kind; readonly text: string };

const PLAIN = /[^'"`/{}]+/y;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const QUOTED = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y;
const TEMPLATE = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*/y;
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** After these a slash begins a regular expression; after a value it divides. */
const BEFORE_REGEX = /(?:^|[({[,;=:?!&|+\-*%<>~^}]|\b(?:return|typeof|case|in|of|do|else|void|await))\s*$/;

/** A slash after `)` is taken for a division. */
export function viewsOf(text: string): Views {
  const pieces = piecesOf(text);
  const view = (...kinds: Kind[]) =>
    pieces.map((piece) => (kinds.includes(piece.kind) ? piece.text : blank(piece.text))).join('');
  return { code: view('code'), uncommented: view('code', 'literal'), comments: view('comment') };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const braces: number[] = []; // the number of open braces in the `${` of each open template
  let code = '';
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  const add = (kind: Kind, piece: string) => {
    pieces.push({ kind, text: piece });
    if (kind !== 'comment') code = (code + (kind === 'code' ? piece : 'x')).slice(-40);
    at += piece.length;
  };
  const template = () => {
    add('literal', take(TEMPLATE));
    if (text[at] !== '$') return add('code', text.slice(at, at + 1));
    braces.push(0);
    add('code', '${');
  };
  while (at < text.length) {
    const plain = take(PLAIN);
    if (plain) add('code', plain);
    const comment = take(COMMENT);
    const literal = take(QUOTED) || (BEFORE_REGEX.test(code) ? take(REGEX) : '');
    const char = text.charAt(at);
    const open = braces.at(-1);
    if (comment) add('comment', comment);
    else if (literal) {
      add('code', literal.charAt(0));
      add('literal', literal.slice(1, -1));
      add('code', literal.slice(-1));
    } else if (char === '`' || (char === '}' && open === 0)) {
      if (char === '}') braces.pop();
      add('code', char);
      template();
    } else {
      if (open !== undefined && char === '{') braces[braces.length - 1] = open + 1;
      if (open !== undefined && char === '}') braces[braces.length - 1] = open - 1;
      add('code', char);
    }
  }
  return pieces;
}
