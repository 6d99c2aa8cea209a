-- SPDX-License-Identifier: Apache-2.0
-- Run once in the database. Who changes a record by hand takes pg_advisory_xact_lock(hashtextextended(scope, 0)) first.

-- What was committed under a number of it never comes again, also after a crash.
CREATE SEQUENCE dcs_number;

-- The id cannot be guessed or repeated: a number of a sequence that was never committed can be given out twice.
CREATE TABLE dcs_session (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    scope text NOT NULL,
    name text NOT NULL,
    ttl_ms bigint NOT NULL,
    beat bigint NOT NULL DEFAULT nextval('dcs_number')
);
CREATE INDEX ON dcs_session (scope);

-- What belongs to a session (leader, members/...) goes with it, in the same transaction.
CREATE TABLE dcs_record (
    scope text NOT NULL,
    key text NOT NULL,
    value bytea NOT NULL,
    version bigint NOT NULL DEFAULT nextval('dcs_number'),
    session uuid REFERENCES dcs_session ON DELETE CASCADE,
    PRIMARY KEY (scope, key)
);
CREATE INDEX ON dcs_record (session);
