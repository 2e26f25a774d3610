import { filesSuite } from './files.suite.ts';
import { invitationsSuite } from './invitations.suite.ts';
import { lobbySuite } from './lobby.suite.ts';
import { markersSuite } from './markers.suite.ts';
import { peopleSuite } from './people.suite.ts';
import type { Stage } from './stage.ts';
import { tokensSuite } from './tokens.suite.ts';
import { typingSuite } from './typing.suite.ts';
import { unitsSuite } from './units.suite.ts';

/** All stories of two worlds. Each is random: commands, delays, and what the bus loses, repeats and reorders. */
export function twoWorldsSuite(stage: Stage): void {
  lobbySuite(stage);
  peopleSuite(stage);
  tokensSuite(stage);
  invitationsSuite(stage);
  filesSuite(stage);
  unitsSuite(stage);
  typingSuite(stage);
  markersSuite(stage);
}
