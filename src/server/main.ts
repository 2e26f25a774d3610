#!/usr/bin/env node
import { Command } from 'commander';
import { adminCommand } from './commands/admin.ts';
import { ignoreOtherSignals } from './commands/signals.ts';
import { serveCommand } from './commands/serve.ts';

ignoreOtherSignals(process);
await new Command('parlance')
  .description('A chat server for several kinds of client: the same people, room and history for all of them.')
  .addCommand(serveCommand())
  .addCommand(adminCommand())
  .parseAsync();
