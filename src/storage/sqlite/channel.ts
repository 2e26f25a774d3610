import type { MessagePort, Worker } from 'node:worker_threads';
import { reasonOf } from '../../lib/reason.ts';
import { StorageUnavailable } from '../unavailable.ts';

/** The methods of a worker, answered in the order of the calls. Arguments and results must be JSON. */
type Methods = { readonly [name: string]: (...args: never[]) => unknown };

type Call = { readonly id: number; readonly method: string; readonly args: readonly unknown[] };
type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly reason: string };
type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

/** Calls the methods of a worker thread. Calls and answers are sent as JSON texts, which is faster than cloning objects. */
export class Channel<M extends Methods> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Resolves, with the reason, when the worker has ended. */
  readonly ended: Promise<Error>;
  #calls = 0;
  #end: Error | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (text: string) => this.#receive(JSON.parse(text) as Reply));
    worker.on('messageerror', (error) => {
      this.#end = error;
      void worker.terminate(); // STORE-63
    });
    this.ended = new Promise((resolve) => {
      worker.on('error', (error) => (this.#end = error));
      worker.on('exit', (code) => {
        this.#end ??= new Error(`a storage worker has ended (${code})`);
        for (const { reject } of this.#waiting.values()) reject(new StorageUnavailable(this.#end.message)); // STORE-44
        this.#waiting.clear();
        resolve(this.#end);
      });
    });
  }

  /** Rejects with `StorageUnavailable` when the method throws, or the worker ends before it has answered. */
  ask<K extends keyof M & string>(method: K, ...args: Parameters<M[K]>): Promise<ReturnType<M[K]>> {
    if (this.#end !== null) return Promise.reject(new StorageUnavailable(this.#end.message)); // STORE-44
    const call: Call = { id: ++this.#calls, method, args };
    let text: string;
    try {
      text = JSON.stringify(call);
    } catch (error) {
      return Promise.reject(new StorageUnavailable(reasonOf(error))); // STORE-63
    }
    return new Promise((resolve, reject) => {
      this.#waiting.set(call.id, { resolve: (value) => resolve(value as ReturnType<M[K]>), reject });
      this.#worker.postMessage(text);
    });
  }

  /** Whether the worker has ended. */
  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new StorageUnavailable(reply.reason));
  }
}

/** Answers a channel's calls with an object's methods; `afterReply` is called after each answer is sent. */
export function serve(port: MessagePort, methods: Methods, afterReply: () => void = () => {}): void {
  port.on('message', (text: string) => {
    port.postMessage(JSON.stringify(reply(methods, JSON.parse(text) as Call)));
    afterReply();
  });
}

function reply(methods: Methods, { id, method, args }: Call): Reply {
  try {
    return { id, ok: true, value: methods[method]?.(...(args as never[])) };
  } catch (error) {
    return { id, ok: false, reason: reasonOf(error) };
  }
}
