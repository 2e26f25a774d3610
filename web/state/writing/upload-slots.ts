/** Something that takes its turn. */
type Turn = { run(): void };

/** The server takes at most four files of a person at once; another tab may send some, too. */
const MOST = 2;

/** Lets a few uploads run at a time, in the order in which they came. */
export class UploadSlots {
  readonly #running = new Set<Turn>();
  readonly #waiting = new Set<Turn>();

  enter(upload: Turn): void {
    this.#waiting.add(upload);
    this.#next();
  }

  leave(upload: Turn): void {
    this.#waiting.delete(upload);
    if (this.#running.delete(upload)) this.#next();
  }

  #next(): void {
    for (const upload of this.#waiting) {
      if (this.#running.size >= MOST) return;
      this.#waiting.delete(upload);
      this.#running.add(upload);
      upload.run(); // WEB-71
    }
  }
}
