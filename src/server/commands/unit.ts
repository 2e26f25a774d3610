import { Command } from 'commander';
import { ask } from './ask.ts';
import { addServerCommand } from './server-command.ts';

type UnitOptions = { readonly data?: string; readonly in?: string };

/** `parlance admin unit ...`: the operator's commands about units. */
export function unitCommand(): Command {
  const unit = new Command('unit').description('Make and fill units: the departments in which people find each other.');
  const add = (usage: string, description: string) => addServerCommand(unit, usage, description);

  withPlace(add('create <name>', 'Make a unit.')).action((name: string, options: UnitOptions) =>
    ask(options, { command: 'unit-create', name, parent: options.in ?? null }),
  );
  add('rename <name> <new>', 'Give a unit another name.').action((name: string, to: string, options: UnitOptions) =>
    ask(options, { command: 'unit-rename', name, to }),
  );
  withPlace(add('move <name>', 'Move a unit, with all that is in it.')).action((name: string, options: UnitOptions) =>
    ask(options, { command: 'unit-move', name, parent: options.in ?? null }),
  );
  add('delete <name>', 'Delete a unit that has no units in it; the accounts stay.').action(
    (name: string, options: UnitOptions) => ask(options, { command: 'unit-delete', name }),
  );
  add('add <name> <people...>', 'Put people with an account into a unit; they may be in others, too.').action(
    (name: string, people: string[], options: UnitOptions) => ask(options, { command: 'unit-add', name, people }),
  );
  add('remove <name> <people...>', 'Take people out of a unit.').action(
    (name: string, people: string[], options: UnitOptions) => ask(options, { command: 'unit-remove', name, people }),
  );
  add('home <name>', 'Let clients begin in this unit. At first that is everyone, the unit of all accounts.').action(
    (name: string, options: UnitOptions) => ask(options, { command: 'unit-home', name }),
  );
  add('list', 'Show all units with the number of people in each.').action((options: UnitOptions) =>
    ask(options, { command: 'unit-list' }),
  );
  return unit;
}

function withPlace(command: Command): Command {
  return command.option('--in <parent>', 'The unit to be in. Default: none, at the top');
}
