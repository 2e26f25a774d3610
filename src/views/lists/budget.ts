const DEFAULT_LIMIT = 128 * 1024 * 1024;
/** What it costs to know of an old version, beside what it holds. */
const VERSION_BYTES = 200;

/** A view whose versions are counted. */
export interface Budgeted {
  /** The version leaves memory; it is the oldest one of the view, and not the current one. */
  forget(number: number): void;
  /** The whole view leaves memory. */
  drop(): void;
}

type OldVersion = { readonly view: Budgeted; readonly number: number; readonly bytes: number };

/** The memory of all versions of all views, in estimated bytes. Over the limit the oldest versions leave, then whole views. */
export class Budget {
  readonly #limit: number;
  /** Old versions of all views, oldest first. */
  readonly #old = new Set<OldVersion>();
  readonly #versions = new Map<Budgeted, Set<OldVersion>>();
  /** The bytes of each view's current version; the view that was used longest ago comes first. */
  readonly #current = new Map<Budgeted, number>();
  #bytes = 0;

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The view is used: other views leave before it. */
  used(view: Budgeted): void {
    const bytes = this.#current.get(view);
    if (bytes === undefined) return;
    this.#current.delete(view);
    this.#current.set(view, bytes);
  }

  /** The current version of a view has this many bytes. What is over the limit leaves at once, also this view. */
  set(view: Budgeted, bytes: number): void {
    this.#bytes += bytes - (this.#current.get(view) ?? 0);
    this.#current.delete(view);
    this.#current.set(view, bytes);
    this.#enforce();
  }

  /** A version of a view is followed by another, and alone still has this many bytes. Call it before `set`. */
  superseded(view: Budgeted, number: number, bytes: number): void {
    const version = { view, number, bytes: bytes + VERSION_BYTES };
    this.#old.add(version);
    const versions = this.#versions.get(view) ?? new Set<OldVersion>();
    this.#versions.set(view, versions);
    versions.add(version);
    this.#bytes += version.bytes;
  }

  /** The view is no longer counted. */
  remove(view: Budgeted): void {
    for (const version of this.#versions.get(view) ?? []) this.#leave(version);
    this.#versions.delete(view);
    this.#bytes -= this.#current.get(view) ?? 0;
    this.#current.delete(view);
  }

  #enforce(): void {
    for (const version of this.#old) {
      if (this.#bytes <= this.#limit) return; // VIEW-11
      this.#leave(version);
      this.#versions.get(version.view)?.delete(version);
      version.view.forget(version.number);
    }
    for (const view of this.#current.keys()) {
      if (this.#bytes <= this.#limit) return; // VIEW-12
      this.remove(view);
      view.drop();
    }
  }

  #leave(version: OldVersion): void {
    this.#old.delete(version);
    this.#bytes -= version.bytes;
  }
}
