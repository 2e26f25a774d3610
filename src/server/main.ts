#!/usr/bin/env node
import { Command } from 'commander';
import { adminCommand } from './commands/admin.ts';
import { restoreCommand } from './commands/backup.ts';
import { listingCommand } from './commands/listing.ts';
import { serveCommand } from './commands/serve.ts';
import { ignoreOtherSignals } from './commands/signals.ts';

ignoreOtherSignals(process);
await new Command('parlance')
  .description('A chat server for several kinds of client: the same people, room and history for all of them.')
  .addCommand(serveCommand())
  .addCommand(listingCommand())
  .addCommand(adminCommand())
  .addCommand(restoreCommand())
  .parseAsync();
