import type { TypingReport } from '../model/bus-message.ts';
import type { StreamId } from '../model/ids.ts';
import type { Ports } from '../ports.ts';
import { CommandProcessor } from './command-processor.ts';
import { PublishBuffer } from './publish-buffer.ts';
import type { CommandListener } from './queue.ts';
import { RemoteEntries } from './remote-entries.ts';
import { StoragePoll } from './storage-poll.ts';
import { StreamBus } from './stream-bus.ts';
import { StreamCache } from './stream-cache.ts';

/** What the engine tells of streams. */
export interface EngineListener extends CommandListener {
  /** A stream was loaded, at this position. */
  loaded(stream: StreamId, position: number): void;
  /** Another node tells that a person types. */
  typed(report: TypingReport): void;
}

/** Streams in memory, commands on them, and what other nodes write to them: the parts, put together. */
export class Engine {
  readonly cache: StreamCache;
  readonly processor: CommandProcessor;
  readonly published = new PublishBuffer();
  readonly bus: StreamBus;
  readonly remote: RemoteEntries;
  readonly poll: StoragePoll;

  constructor(ports: Pick<Ports, 'node' | 'storage' | 'clock' | 'log' | 'bus'>, listener: () => EngineListener) {
    this.bus = new StreamBus(ports, {
      hear: (stream, first, bodies) => this.remote.hear(stream, first, bodies),
      observePosition: (stream, position) => this.remote.observePosition(stream, position),
      typed: (report) => listener().typed(report),
    });
    this.cache = new StreamCache(ports.storage, {
      loading: (stream) => this.bus.follow(stream), // WORLD-270
      loaded: (stream, position) => {
        listener().loaded(stream, position);
        this.remote.loaded(stream); // WORLD-270
      },
      dropped: (stream) => {
        this.bus.unfollow(stream); // WORLD-270
        this.remote.dropped(stream);
      },
    });
    this.processor = new CommandProcessor(ports, this.cache, listener, (entries) => {
      this.bus.announce(entries); // WORLD-269
      this.remote.batchEnded(); // WORLD-272
    });
    this.remote = new RemoteEntries(ports, this.cache, this.processor);
    this.poll = new StoragePoll(ports.storage, this.cache, this.remote);
  }
}
