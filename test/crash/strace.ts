/** A system call: its text, and the lines of the trace where it began and ended. */
export type Call = { readonly name: string; readonly text: string; readonly began: number; readonly ended: number };

const LINE = /^(\d+)\s+(.*)$/;
const RESUMED = /^<\.\.\. (\w+) resumed>\s?(.*)$/;
const UNFINISHED = / <unfinished \.\.\.>$/;

/** Reads the output of `strace -f`; joins calls that lines of other threads interrupt. */
export function readTrace(trace: string): Call[] {
  const open = new Map<string, { text: string; began: number }>();
  const calls: Call[] = [];
  for (const [index, line] of trace.split('\n').entries()) {
    const [, thread, rest] = LINE.exec(line) ?? [];
    if (thread === undefined || rest === undefined) continue;
    const resumed = RESUMED.exec(rest);
    if (resumed !== null) {
      const begun = open.get(thread);
      open.delete(thread);
      if (begun !== undefined) calls.push(call(`${begun.text}${resumed[2]}`, begun.began, index));
    } else if (UNFINISHED.test(rest)) open.set(thread, { text: rest.replace(UNFINISHED, ''), began: index });
    else calls.push(call(rest, index, index));
  }
  return calls;
}

function call(text: string, began: number, ended: number): Call {
  return { name: text.slice(0, text.indexOf('(')), text, began, ended };
}
