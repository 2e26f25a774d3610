import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** The absolute path: `~` at the start is the home directory, and a relative path starts at `directory`. */
export function absolutePath(text: string, directory: string, env: NodeJS.ProcessEnv): string {
  const home = env.HOME || homedir();
  return resolve(directory, /^~(?=$|\/)/.test(text) ? `${home}/${text.slice(1)}` : text); // SERVER-06
}

/** Whether this is a path in the home directory of another user, as shells read it; `./~bob` is not. */
export function isOtherHome(text: string): boolean {
  return /^~[^/]/.test(text);
}
