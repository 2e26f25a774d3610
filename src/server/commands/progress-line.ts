/** One line at a terminal that is written anew; nothing where the output is no terminal. */
export class ProgressLine {
  readonly #output: NodeJS.WriteStream;
  #shown = '';

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  show(text: string): void {
    if (!this.#output.isTTY || text === this.#shown) return; // SERVER-152
    this.#shown = text;
    this.#output.write(`\r${text}\u001b[K`);
  }

  clear(): void {
    if (this.#shown !== '') this.#output.write('\r\u001b[K');
    this.#shown = '';
  }

  /** Replaces the line by a last one. */
  end(text: string): void {
    this.clear();
    if (this.#output.isTTY) this.#output.write(`${text}\n`); // SERVER-152
  }
}
