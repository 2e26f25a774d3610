-- A database as version 8 of the schema left it. Never changed: what a released version wrote does not change either.
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
CREATE INDEX message_withheld ON message (room, number) WHERE body ->> '$.withheld' IS NOT NULL;
CREATE INDEX read_room ON read (room, body ->> '$.number');
CREATE TABLE room_ban (
     room INTEGER NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, person)
   ) STRICT;
CREATE TABLE session (
     digest TEXT PRIMARY KEY, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (body ->> '$.expires');
CREATE TABLE subscription (
     session TEXT NOT NULL, document TEXT NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (session, document)
   ) STRICT;
CREATE INDEX subscription_person ON subscription (person);
CREATE TABLE upload (
     id TEXT PRIMARY KEY, person INTEGER NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
CREATE INDEX upload_person ON upload (person);
CREATE INDEX upload_digest ON upload (digest);
CREATE INDEX upload_at ON upload (body ->> '$.at');
CREATE TABLE file (
     room INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, person INTEGER NOT NULL,
     digest TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, number)
   ) STRICT;
CREATE INDEX file_person ON file (person, body ->> '$.size');
CREATE INDEX file_digest ON file (digest);
CREATE TABLE invitation (
     digest TEXT PRIMARY KEY, room INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
CREATE INDEX invitation_room ON invitation (room);
INSERT INTO meta VALUES (1, 5, 'history', 1, 'history/2');
INSERT INTO stream VALUES (1, 'directory', 2);
INSERT INTO stream VALUES (2, 'person/7', 4);
INSERT INTO stream VALUES (3, 'room/1', 4);
INSERT INTO stream VALUES (4, 'room/2', 2);
INSERT INTO stream VALUES (5, 'person/8', 1);
INSERT INTO entry VALUES (1, 1, '{"type":"account-created","account":{"person":7,"name":"Ada","skeleton":"ada","displayName":"Ada L.","role":"owner"},"at":1}', 3853946046);
INSERT INTO entry VALUES (2, 1, '{"type":"password-set","person":7,"verifier":"the verifier","replaces":null,"at":1}', 839853742);
INSERT INTO entry VALUES (1, 2, '{"type":"name-taken","name":{"skeleton":"den","name":"Den","room":1},"at":1}', 665415516);
INSERT INTO entry VALUES (3, 1, '{"type":"room-created","room":1,"identity":"i","name":"Den","closed":true,"at":1}', 3594569679);
INSERT INTO entry VALUES (3, 2, '{"type":"member-joined","member":{"room":1,"person":7,"name":"Ada","role":"owner","other":null,"since":0},"at":1}', 4199338266);
INSERT INTO entry VALUES (2, 2, '{"type":"room-joined","membership":{"person":7,"room":1,"other":null,"since":0},"at":1}', 2194343268);
INSERT INTO entry VALUES (3, 3, '{"type":"message-posted","message":{"id":"1-1","room":1,"number":1,"position":3,"author":{"id":7,"name":"Ada"},"text":"words","clientTime":null,"serverTime":1001,"editedAt":null,"deletedAt":null,"edits":[],"file":{"id":"dog","address":"/files/dog/cat.png","origin":"http://a","name":"cat.png","size":9,"type":"image/png","width":3,"height":2,"digest":"digest of dog"}},"at":2}', 2302733630);
INSERT INTO entry VALUES (2, 3, '{"type":"token-issued","token":{"digest":"digest","person":7,"issuedAt":1,"expires":20},"at":1}', 4062439882);
INSERT INTO entry VALUES (2, 4, '{"type":"file-uploaded","upload":{"id":"cat","address":"/files/cat/cat.png","origin":"http://a","name":"cat.png","size":9,"type":"image/png","width":3,"height":2,"digest":"digest of cat","person":7,"position":4,"at":1},"at":1}', 461897815);
INSERT INTO entry VALUES (3, 4, '{"type":"invitation-made","invitation":{"digest":"of a code","room":1,"maker":7,"until":9,"usesLeft":2},"at":1}', 396633424);
INSERT INTO entry VALUES (4, 1, '{"type":"room-created","room":2,"identity":"j","name":"Hall","at":2}', 619381984);
INSERT INTO entry VALUES (4, 2, '{"type":"member-joined","member":{"room":2,"person":8,"name":"Bob","role":"member","other":null,"since":0},"at":2}', 2822533315);
INSERT INTO entry VALUES (5, 1, '{"type":"room-joined","membership":{"person":8,"room":2,"other":null,"since":0},"at":2}', 1662039396);
INSERT INTO room VALUES (1, '{"id":1,"identity":"i","name":"Den","closed":true}', 2310325646);
INSERT INTO room VALUES (2, '{"id":2,"identity":"j","name":"Hall"}', 1389326548);
INSERT INTO message VALUES (1, 1, '1-1', '{"id":"1-1","room":1,"number":1,"position":3,"author":{"id":7,"name":"Ada"},"text":"words","clientTime":null,"serverTime":1001,"editedAt":null,"deletedAt":null,"edits":[],"file":{"id":"dog","address":"/files/dog/cat.png","origin":"http://a","name":"cat.png","size":9,"type":"image/png","width":3,"height":2,"digest":"digest of dog"}}', 3253920242);
INSERT INTO name VALUES ('den', '{"skeleton":"den","name":"Den","room":1}', 520328063);
INSERT INTO member VALUES (1, 7, '{"room":1,"person":7,"name":"Ada","role":"owner","other":null,"since":0}', 483013053);
INSERT INTO member VALUES (2, 8, '{"room":2,"person":8,"name":"Bob","role":"member","other":null,"since":0}', 4232018711);
INSERT INTO account VALUES ('ada', 7, '{"person":7,"name":"Ada","skeleton":"ada","displayName":"Ada L.","role":"owner"}', 2766152720);
INSERT INTO credential VALUES (7, '{"person":7,"verifier":"the verifier","position":1}', 267310440);
INSERT INTO shown VALUES (7, '{"person":7,"rooms":[[1,1],[2,30]]}', 343859462);
INSERT INTO shown VALUES (8, '{"person":8,"rooms":[[2,41]]}', 729510371);
INSERT INTO shown VALUES (9, '{"person":9,"rooms":[]}', 1758014962);
INSERT INTO token VALUES ('digest', 7, '{"digest":"digest","person":7,"issuedAt":1,"expires":20}', 52124653);
INSERT INTO session VALUES ('of ada', 7, '{"digest":"of ada","person":7,"passwordPosition":1,"expires":9000000000000}', 2646274525);
INSERT INTO subscription VALUES ('of ada', 'room/1', 7, '{"session":"of ada","document":"room/1","person":7}', 781032863);
INSERT INTO upload VALUES ('cat', 7, 'digest of cat', '{"id":"cat","address":"/files/cat/cat.png","origin":"http://a","name":"cat.png","size":9,"type":"image/png","width":3,"height":2,"digest":"digest of cat","person":7,"position":4,"at":1}', 1318668015);
INSERT INTO file VALUES (1, 1, 'dog', 7, 'digest of dog', '{"id":"dog","address":"/files/dog/cat.png","origin":"http://a","name":"cat.png","size":9,"type":"image/png","width":3,"height":2,"digest":"digest of dog","person":7,"room":1,"number":1}', 1850577499);
INSERT INTO invitation VALUES ('of a code', 1, '{"digest":"of a code","room":1,"maker":7,"until":9,"usesLeft":2}', 1268714158);
PRAGMA user_version = 8;
