-- A database as version 4 of the schema left it. Never changed: what a released version wrote does not change either.
CREATE TABLE meta (
     one INTEGER PRIMARY KEY CHECK (one = 1), server INTEGER NOT NULL, identity TEXT NOT NULL,
     clean INTEGER NOT NULL, batch TEXT NOT NULL
   ) STRICT;
CREATE TABLE stream (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL) STRICT;
CREATE TABLE entry (
     stream INTEGER NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (stream, position)
   ) STRICT;
CREATE TABLE room (id INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE message (
     room INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, number)
   ) STRICT;
CREATE TABLE mute (
     room INTEGER NOT NULL, skeleton TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, skeleton)
   ) STRICT;
CREATE TABLE ban (skeleton TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE name (skeleton TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE once (
     scope TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, result TEXT NOT NULL, expires INTEGER NOT NULL,
     PRIMARY KEY (scope, key)
   ) STRICT;
CREATE INDEX once_expires ON once (expires);
CREATE TABLE member (
     room INTEGER NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, person)
   ) STRICT;
CREATE INDEX member_person ON member (person);
CREATE TABLE account (
     skeleton TEXT PRIMARY KEY, person INTEGER NOT NULL UNIQUE, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
CREATE TABLE credential (person INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE contact (
     person INTEGER NOT NULL, other INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, other)
   ) STRICT;
CREATE TABLE block (
     person INTEGER NOT NULL, other INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, other)
   ) STRICT;
CREATE TABLE read (
     person INTEGER NOT NULL, room INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, room)
   ) STRICT;
CREATE TABLE shown (person INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE token (
     digest TEXT PRIMARY KEY, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
CREATE INDEX token_person ON token (person);
CREATE TABLE unit (id INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE unit_member (
     unit INTEGER NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (unit, person)
   ) STRICT;
INSERT INTO meta VALUES (1, 5, 'history', 1, 'opening/2');
INSERT INTO stream VALUES (1, 'room/1', 6);
INSERT INTO stream VALUES (2, 'person/7', 2);
INSERT INTO stream VALUES (3, 'person/8', 2);
INSERT INTO stream VALUES (4, 'directory', 2);
INSERT INTO entry VALUES (1, 1, '{"type":"room-created","room":1,"identity":"i","name":"","people":[{"id":7,"name":"Ada"},{"id":8,"name":"Bob"}],"at":1}', 1575012041);
INSERT INTO entry VALUES (1, 2, '{"type":"member-joined","member":{"room":1,"person":7,"name":"Ada","role":"member","other":8,"since":0},"at":1}', 1690868883);
INSERT INTO entry VALUES (1, 3, '{"type":"member-joined","member":{"room":1,"person":8,"name":"Bob","role":"member","other":7,"since":0},"at":1}', 2441535247);
INSERT INTO entry VALUES (2, 1, '{"type":"room-joined","membership":{"person":7,"room":1,"other":8,"since":0},"at":1}', 1778089417);
INSERT INTO entry VALUES (3, 1, '{"type":"room-joined","membership":{"person":8,"room":1,"other":7,"since":0},"at":1}', 2799577044);
INSERT INTO entry VALUES (1, 4, '{"type":"message-posted","message":{"id":"1-1","room":1,"number":1,"position":4,"author":{"id":7,"name":"Ada"},"text":"first words","clientTime":null,"serverTime":1001,"editedAt":null,"deletedAt":null,"edits":[]},"at":2}', 321057221);
INSERT INTO entry VALUES (1, 5, '{"type":"message-posted","message":{"id":"1-2","room":1,"number":2,"position":5,"author":{"id":7,"name":"Ada"},"text":"unseen words","clientTime":null,"serverTime":1002,"editedAt":null,"deletedAt":null,"edits":[],"withheld":true},"at":2}', 2354988474);
INSERT INTO entry VALUES (1, 6, '{"type":"message-posted","message":{"id":"1-3","room":1,"number":3,"position":6,"author":{"id":7,"name":"Ada"},"text":"last words","clientTime":null,"serverTime":1003,"editedAt":null,"deletedAt":null,"edits":[],"withheld":true},"at":2}', 3173157933);
INSERT INTO entry VALUES (2, 2, '{"type":"room-read","person":7,"room":1,"number":3,"at":3}', 3085866043);
INSERT INTO entry VALUES (3, 2, '{"type":"room-read","person":8,"room":1,"number":1,"at":3}', 926543908);
INSERT INTO entry VALUES (4, 1, '{"type":"unit-created","unit":{"id":9,"name":"Sales","skeleton":"sales","parent":null},"at":1}', 856470600);
INSERT INTO entry VALUES (4, 2, '{"type":"unit-member-added","unit":9,"person":7,"at":1}', 2897985733);
INSERT INTO room VALUES (1, '{"id":1,"identity":"i","name":"","people":[{"id":7,"name":"Ada"},{"id":8,"name":"Bob"}]}', 3693283235);
INSERT INTO message VALUES (1, 1, '1-1', '{"id":"1-1","room":1,"number":1,"position":4,"author":{"id":7,"name":"Ada"},"text":"first words","clientTime":null,"serverTime":1001,"editedAt":null,"deletedAt":null,"edits":[]}', 3640123617);
INSERT INTO message VALUES (1, 2, '1-2', '{"id":"1-2","room":1,"number":2,"position":5,"author":{"id":7,"name":"Ada"},"text":"unseen words","clientTime":null,"serverTime":1002,"editedAt":null,"deletedAt":null,"edits":[],"withheld":true}', 2907817250);
INSERT INTO message VALUES (1, 3, '1-3', '{"id":"1-3","room":1,"number":3,"position":6,"author":{"id":7,"name":"Ada"},"text":"last words","clientTime":null,"serverTime":1003,"editedAt":null,"deletedAt":null,"edits":[],"withheld":true}', 2371822807);
INSERT INTO member VALUES (1, 7, '{"room":1,"person":7,"name":"Ada","role":"member","other":8,"since":0}', 1360523274);
INSERT INTO member VALUES (1, 8, '{"room":1,"person":8,"name":"Bob","role":"member","other":7,"since":0}', 3014810860);
INSERT INTO read VALUES (7, 1, '{"person":7,"room":1,"number":3}', 2344270332);
INSERT INTO read VALUES (8, 1, '{"person":8,"room":1,"number":1}', 2887389056);
INSERT INTO unit VALUES (9, '{"id":9,"name":"Sales","skeleton":"sales","parent":null}', 1786058306);
INSERT INTO unit_member VALUES (9, 7, '{"unit":9,"person":7}', 1416035449);
PRAGMA user_version = 4;
