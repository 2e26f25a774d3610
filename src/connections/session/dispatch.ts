import type { PersonId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { PostResult } from '../../core/services/messages.ts';
import type { World } from '../../core/world.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Budget } from '../limits/rate-guard.ts';
import type { Done, MessageCommand, SettingsCommand } from './session-api.ts';

/** The budgets that settings count against. */
const budgets: { readonly [T in SettingsCommand['type']]?: Budget } = {
  status: 'renames',
  'display-name': 'renames',
  'create-group': 'groups',
};

export function budgetOf({ type }: SettingsCommand): Budget | null {
  return budgets[type] ?? null;
}

/** Runs a command in a person's name; `via` is noted in what it posts. A command whose room may have to be loaded holds back later requests. */
export function dispatchMessage(
  world: World,
  id: PersonId,
  command: MessageCommand,
  via: string,
  hold: () => (then: () => void) => void,
  done: Done<PostResult>,
): void {
  const { messages } = world;
  const plain = (result: Result<Message, Refusal>) =>
    done(result.ok ? ok({ message: result.value, delivered: true }) : result);
  switch (command.type) {
    case 'lobby':
      return messages.post(id, world.lobby, { ...command.post, via }, plain); // CONN-157
    case 'group': {
      const room = world.rooms.find(command.to);
      if (room === undefined) return done(err({ type: 'not-found' }));
      return messages.post(id, room, { ...command.post, via }, plain); // CONN-157
    }
    case 'direct': {
      const release = hold(); // CONN-13
      return messages.direct(id, command.to, { ...command.post, via }, () => release(() => {}), done); // CONN-157
    }
    case 'edit': {
      const release = hold(); // CONN-13
      const { message, text, font } = command;
      return messages.edit(id, message, text, (result) => release(() => plain(result)), font && { font });
    }
    case 'delete': {
      const release = hold(); // CONN-13
      const actor = world.actor(id);
      if (actor === undefined) return release(() => done(err({ type: 'not-allowed' })));
      return messages.delete(actor, command.message, (result) => release(() => plain(result)));
    }
  }
}

/** Runs a settings command in a person's name; a new password goes through `ClientSession`. */
export function dispatchSetting(
  world: World,
  id: PersonId,
  command: Exclude<SettingsCommand, { type: 'password' }>,
  done: Done<unknown>,
): void {
  switch (command.type) {
    case 'status':
      return world.setStatus(id, command.text, done);
    case 'display-name':
      return world.accounts.setProfile(id, { displayName: command.text }, done);
    case 'contact':
    case 'block':
      return world.relationships.set(command.type, id, command.name, command.on, done);
    case 'create-group':
      return world.rooms.create(id, command.name, command.displayName, false, done);
    case 'join-group':
    case 'leave-group': {
      const room = world.rooms.find(command.name);
      if (room === undefined) return done(err({ type: 'not-found' }));
      return command.type === 'join-group' ? world.rooms.join(id, room, done) : world.rooms.leave(id, room, done);
    }
  }
}
