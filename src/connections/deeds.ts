import type { PersonId } from '../core/ids.ts';
import type { Message } from '../core/message.ts';
import type { Said } from '../core/messages.ts';
import type { Refusal } from '../core/refusals.ts';
import type { World } from '../core/world.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Change, Done, Speech } from './peer.ts';

/** Says it in a person's name. What may have to wait for its room to be read holds back what is asked after it. */
export function speak(
  world: World,
  id: PersonId,
  speech: Speech,
  hold: () => (then: () => void) => void,
  said: Done<Said>,
): void {
  const { messages } = world;
  const plain = (result: Result<Message, Refusal>) =>
    said(result.ok ? ok({ message: result.value, delivered: true }) : result);
  switch (speech.type) {
    case 'lobby':
      return messages.post(id, world.lobby, speech.post, plain);
    case 'group': {
      const room = world.rooms.find(speech.to);
      return room === undefined ? said(err({ type: 'not-found' })) : messages.post(id, room, speech.post, plain);
    }
    case 'direct': {
      const release = hold(); // CONN-13
      return messages.direct(id, speech.to, speech.post, () => release(() => {}), said);
    }
    case 'edit': {
      const release = hold(); // CONN-13
      return messages.edit(id, speech.message, speech.text, (result) => release(() => plain(result)), speech.font);
    }
    case 'delete': {
      const release = hold(); // CONN-13
      const actor = world.actor(id);
      if (actor === undefined) return release(() => said(err({ type: 'not-allowed' })));
      return messages.delete(actor, speech.message, (result) => release(() => plain(result)));
    }
  }
}

/** Changes what needs no proof but that the person is here. */
export function makeChange(
  world: World,
  id: PersonId,
  change: Exclude<Change, { type: 'password' }>,
  done: Done<unknown>,
): void {
  switch (change.type) {
    case 'status':
      return world.setStatus(id, change.text, done);
    case 'display-name':
      return world.accounts.setDisplayName(id, change.text, done);
    case 'contact':
    case 'block':
      return world.ties.set(change.type, id, change.name, change.on, done);
    case 'create-group':
      return world.rooms.create(id, change.name, change.displayName, false, done);
    case 'join-group':
    case 'leave-group': {
      const room = world.rooms.find(change.name);
      if (room === undefined) return done(err({ type: 'not-found' }));
      return change.type === 'join-group' ? world.rooms.join(id, room, done) : world.rooms.leave(id, room, done);
    }
  }
}
