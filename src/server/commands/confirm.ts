import { createInterface } from 'node:readline';
import type { Terminal } from './password.ts';

/** Asks a person at a terminal; true without one, where nobody can be asked. */
export async function confirm({ input, output }: Terminal, question: string): Promise<boolean> {
  if (input.isTTY !== true) return true; // SERVER-155
  const lines = createInterface({ input, output });
  const typed = new Promise<string>((resolve) => {
    lines.question(`${question} (yes/no) `, resolve);
    lines.once('SIGINT', () => resolve('no'));
    lines.once('close', () => resolve('no'));
  });
  const answer = await typed;
  lines.close();
  return /^y(?:es)?$/i.test(answer.trim()); // SERVER-155
}
