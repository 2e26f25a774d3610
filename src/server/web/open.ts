import type { Log } from '../../core/ports.ts';
import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import type { Config } from '../config/schema.ts';
import { webFacts } from './facts.ts';
import { loadPage, PROJECT } from './load.ts';
import { serveWeb } from './serve.ts';

/**
 * Answers requests for the web client. It may still be built while the server runs: those who ask for it wait meanwhile. Where
 * there is none, `pages` answers.
 */
export function openWeb(config: Config, pages: HttpHandler, log: Log): HttpHandler {
  return config.web ? serveWeb(loadPage(PROJECT, log), webFacts(config), pages) : pages;
}
