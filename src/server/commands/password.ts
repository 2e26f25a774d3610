import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { type Readable, Writable } from 'node:stream';
import { err, ok, type Result } from '../../lib/result.ts';

const MIN_CHARACTERS = 8;
const MAX_BYTES = 1_024;

/** The streams on which a person is asked. */
export type Terminal = { readonly input: Readable & { readonly isTTY?: boolean }; readonly output: Writable };

/** Reads a new password: all of standard input, or typed twice without being shown. The error is a sentence. */
export async function readPassword(terminal: Terminal, fromInput: boolean): Promise<Result<string, string>> {
  if (fromInput) return piped(await buffer(terminal.input));
  if (terminal.input.isTTY !== true) {
    return err('there is no terminal to type a password at; give it on standard input, with --password-stdin'); // SERVER-81
  }
  const password = await ask(terminal, 'Password: ');
  if (password === null) return err('nothing was changed');
  const first = checked(password);
  if (!first.ok) return first;
  return (await ask(terminal, 'The same again: ')) === password ? first : err('these were two different passwords'); // SERVER-81
}

/** A password from standard input, with or without the end of its line. */
function piped(bytes: Buffer): Result<string, string> {
  const text = bytes.toString('utf8').replace(/\r?\n$/, ''); // SERVER-81
  if (!Buffer.from(text).equals(bytes.subarray(0, Buffer.byteLength(text)))) return err('a password is text in UTF-8');
  return checked(text);
}

/** Checks a password; the error does not repeat it. */
function checked(password: string): Result<string, string> {
  if ([...password].length < MIN_CHARACTERS) return err(`a password has at least ${MIN_CHARACTERS} characters`); // SERVER-82
  if (Buffer.byteLength(password) > MAX_BYTES) return err(`a password has at most ${MAX_BYTES} bytes`); // SERVER-82
  return /\p{Cc}/u.test(password) ? err('a password is one line, without control characters') : ok(password); // SERVER-82
}

/** Reads what is typed until Enter, without showing it; null for Ctrl-C or Ctrl-D. */
async function ask({ input, output }: Terminal, question: string): Promise<string | null> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 }); // SERVER-81
  const typed = new Promise<string | null>((resolve) => {
    lines.once('line', resolve);
    lines.once('SIGINT', () => resolve(null));
    lines.once('close', () => resolve(null));
  });
  output.write(question);
  const line = await typed;
  lines.close();
  output.write('\n');
  return line;
}
