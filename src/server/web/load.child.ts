// Loads the page of the project whose folder is the argument, and prints the events that it logs, then the number of its files.
import { loadPage } from './load.ts';

const print = (line: string | number) => process.stdout.write(`${line}\n`);
const page = await loadPage(process.argv[2] ?? '', { info: print, warn: print, error: print });
print(page?.assets.length ?? 0);
