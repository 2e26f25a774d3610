import type { HubOptions } from '../connections/hub.ts';
import type { WorldRules } from '../core/world.ts';
import type { MediaFacts, ServerFacts } from '../protocols/protocol.ts';
import { MEDIA } from './media/paths.ts';
import { type AdmissionLimits, defaultAdmissionLimits } from '../transports/accept/admission.ts';
import { defaultLimits, type TransportLimits } from '../transports/limits.ts';
import type { Config } from './config/schema.ts';
import { connectionLimit, fdLimit } from './fd-limit.ts';

const SECOND = 1_000;
const MINUTE = 60;

/** The settings for connections. */
export function hubOptions({ limits, deadlines, waiting }: Config): HubOptions {
  return {
    rates: {
      messages: { perSecond: limits.messages_per_second, burst: limits.messages_burst },
      renames: { perSecond: limits.renames_per_minute / MINUTE, burst: limits.renames_burst },
      searches: { perSecond: limits.searches_per_second, burst: limits.searches_burst },
      requests: { perSecond: limits.requests_per_second, burst: limits.requests_burst },
      pings: { perSecond: limits.pings_per_second, burst: limits.pings_per_second },
      limitLoopback: limits.loopback,
    },
    loginMs: deadlines.login_seconds * SECOND,
    registrationsPerHour: limits.registrations_per_hour,
    backlog: waiting,
  };
}

/** The settings for the world. */
export function worldRules({ lobby, registration, accounts_join_lobby }: Config): WorldRules {
  return { lobby, registration, joinLobby: accounts_join_lobby };
}

/** The facts about the server that protocols tell their clients. */
export function serverFacts(config: Config, id: number, digestOf: MediaFacts['digestOf']): ServerFacts {
  const { name, history, codechat_history, private_lines, tagged_logins, font } = config;
  const lines = { history, codechatHistory: codechat_history, privateLines: private_lines };
  const media = { address: MEDIA.slice(0, -1), digestOf };
  return { name, id, ...lines, taggedLogins: tagged_logins, font, media };
}

/** The settings for admission. */
export function admissionLimits({ limits }: Config): AdmissionLimits {
  return {
    connections: connectionLimit(defaultAdmissionLimits.connections, fdLimit()),
    perAddress: limits.connections_per_address,
    unauthenticatedPerAddress: limits.strangers_per_address,
    newPerMinute: limits.new_per_minute,
    exemptLoopback: !limits.loopback,
  };
}

/** The settings for transports. */
export function transportLimits({ deadlines }: Config): TransportLimits {
  return {
    ...defaultLimits,
    detectMs: deadlines.first_byte_seconds * SECOND,
    loginMs: deadlines.login_seconds * SECOND,
    pingMs: deadlines.ping_seconds * SECOND,
    silenceMs: deadlines.silence_seconds * SECOND,
  };
}
