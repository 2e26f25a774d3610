import { type Client, connect, DocumentsError, type Options } from '../../../src/protocols/documents/client.ts';
import { serverAddress } from '../server-facts.ts';

const RETRY_MS = 3_000;
const BUSY = 500;

/** Whether to go on, and what to do whenever the server could not be reached. */
export type Patience = { readonly isWanted: () => boolean; readonly waiting: () => void };

/** Connects to the server of the page, however long that takes. */
export class PatientConnect {
  #wake: () => void = () => {};

  /** Tries again at once, if a try has failed. */
  tryNow(): void {
    this.#wake();
  }

  /** Resolves with null if it is not wanted any more. Rejects if the server refuses the person, and with a TypeError for what cannot be sent. */
  async connect(options: Options, { isWanted, waiting }: Patience): Promise<Client | null> {
    while (isWanted()) {
      try {
        const client = await connect(serverAddress(), options);
        if (isWanted()) return client;
        await client.close({ keepSession: true });
      } catch (error) {
        if (!(error instanceof DocumentsError) || isRefusal(error)) throw error;
        if (!isWanted()) return null;
        waiting();
        await this.#pause(error.retryAfterMs ?? RETRY_MS);
      }
    }
    return null;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, ms);
    });
  }
}

function isRefusal({ code, status }: DocumentsError): boolean {
  return code === 'refused' && (status ?? 0) < BUSY;
}
