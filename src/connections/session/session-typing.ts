import type { RoomId } from '../../core/model/ids.ts';
import type { Part, ViewKey } from '../../views/view-key.ts';
import { SessionLookups } from './session-lookups.ts';

/** The part of the session API about typing: the person's own, and that of others in the rooms that the session watches. */
export abstract class SessionTyping extends SessionLookups {
  typing(room: RoomId, isTyping: boolean): void {
    const allowed = this.allowed('typing');
    if (allowed.ok) this.world.typing.show(allowed.value.id, room, isTyping, () => {}); // CONN-146
  }

  override watch(key: ViewKey, changed: (part: Part) => void): () => void {
    const end = super.watch(key, changed);
    if (key.type !== 'room') return end;
    const receiverOf = (isDirect: boolean) => this.subscriptions?.receiverOf(isDirect) ?? null;
    const endTyping = this.untilEnd(this.services.typing.watch(key.id, receiverOf)); // CONN-140
    return () => {
      end();
      endTyping();
    };
  }
}
