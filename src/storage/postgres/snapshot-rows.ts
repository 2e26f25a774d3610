import type { TableName, Tables } from '../../core/model/rows.ts';
import type { DirectoryPart, PersonPart, RoomPart, SnapshotTables } from '../snapshot.ts';

/** A row of a statement that reads several tables at once. */
export type SnapshotRow = {
  /** The table, or a fact about the stream. */
  readonly part: string;
  readonly number: number | null;
  readonly other: number | null;
  readonly body: string | null;
};

/** The rows of one stream, all of one moment. */
export class SnapshotRows implements SnapshotTables {
  readonly #parts: ReadonlyMap<string, readonly SnapshotRow[]>;

  constructor(rows: readonly SnapshotRow[]) {
    this.#parts = Map.groupBy(rows, ({ part }) => part);
  }

  /** The last position of the stream. */
  head(): number {
    return this.#part('head')[0]?.number ?? 0;
  }

  directoryPart(): DirectoryPart {
    return {
      bans: this.all('ban'),
      names: this.all('name'),
      accounts: this.all('account'),
      units: this.all('unit'), // STORE-100
      unitMembers: this.all('unit_member'), // STORE-100
    };
  }

  personPart(): PersonPart {
    return {
      contacts: this.all('contact').map(({ other }) => other),
      blocks: this.all('block').map(({ other }) => other),
      memberships: this.all('member'),
      read: this.all('read'),
      passwordPosition: this.all('credential')[0]?.position ?? null,
      tokens: this.all('token'),
      uploads: this.all('upload'), // STORE-152
    };
  }

  roomPart(): RoomPart {
    const withheld = this.#part('withheld').map(({ number, other }) => ({
      number: Number(number),
      author: Number(other),
    }));
    return {
      lastNumber: this.#part('last')[0]?.number ?? 0,
      room: this.all('room')[0] ?? null,
      mutes: this.all('mute'),
      members: this.all('member'),
      roomBans: this.all('room_ban'), // STORE-113
      invitations: this.all('invitation'), // STORE-160
      withheld: withheld.sort((a, b) => a.number - b.number), // STORE-110
    };
  }

  /** The rows of a table. */
  all<T extends TableName>(table: T): Tables[T][] {
    return this.#part(table).map(({ body }) => JSON.parse(String(body)) as Tables[T]);
  }

  #part(part: string): readonly SnapshotRow[] {
    return this.#parts.get(part) ?? [];
  }
}
