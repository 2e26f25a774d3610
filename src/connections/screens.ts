import type { PersonId } from '../core/ids.ts';
import type { Showing } from './peer.ts';
import { Screen, type ScreenHost } from './screen.ts';

/**
 * What one connection shows, and what it showed to whoever signed out last: that may have been seen, which the next sign of
 * life tells after all of it has left (CONN-43).
 */
export class Screens {
  readonly #seat: ScreenHost;
  #now: Screen | null = null;
  #past: Screen | null = null;
  /** All that was shown before has left; what is sent now is for others. */
  #pastHasLeft = false;

  constructor(seat: ScreenHost) {
    this.#seat = seat;
  }

  /** The one that shows something; null while nobody is shown anything. */
  get now(): Screen | null {
    return this.#now;
  }

  /** Begins to show; the screen is to be opened. */
  begin(person: PersonId, showing: Showing): Screen {
    this.#now = new Screen(this.#seat, person, showing);
    return this.#now;
  }

  /** The other side showed that it is there. */
  confirm(): void {
    this.#now?.confirm();
    if (this.#past?.confirm(this.#pastHasLeft) === true) this.#forgetPast(); // CONN-43
  }

  /** Nothing more is shown to the person, and the connection stays. */
  signOut(): void {
    this.#forgetPast();
    const past = this.#now;
    past?.stop(); // CONN-65
    this.#now = null;
    this.#past = past;
    const { outbox } = this.#seat;
    outbox.flush();
    this.#pastHasLeft = outbox.size === 0; // CONN-43
    outbox.whenTaken(() => {
      if (this.#past === past) this.#pastHasLeft = true;
    });
    this.#seat.probe(); // CONN-65
  }

  /** The connection is over: what is not known to have been seen waits again. */
  close(): void {
    this.#now?.close();
    this.#forgetPast();
  }

  #forgetPast(): void {
    this.#past?.close();
    this.#past = null;
  }
}
