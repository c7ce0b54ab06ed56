-- Instants are microseconds since 1970-01-01 UTC, days are ISO 8601, hashes are SHA-256, sealed columns are
-- XChaCha20-Poly1305 with the nonce in front.

-- One row: which site key fits, and since when the store exists.
CREATE TABLE site (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    created_us INTEGER NOT NULL,
    key_check BLOB NOT NULL
) STRICT;

-- The name is sealed under the person's key.
CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    created_us INTEGER NOT NULL,
    name BLOB NOT NULL
) STRICT;

-- A person's data key, wrapped by the site key. No row: the person was erased.
CREATE TABLE person_keys (
    person BLOB NOT NULL PRIMARY KEY REFERENCES people (id),
    wrapped BLOB NOT NULL
) STRICT;

-- Outlives everything else about the person, so that a restored backup can be erased again.
CREATE TABLE erasures (
    person BLOB NOT NULL PRIMARY KEY,
    erased_us INTEGER NOT NULL
) STRICT;

-- n_entries and head are those of the newest entry; head is the genesis of the course when there is none.
CREATE TABLE courses (
    id BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL REFERENCES people (id),
    n_entries INTEGER NOT NULL,
    head BLOB NOT NULL
) STRICT;
CREATE INDEX courses_by_person ON courses (person);

-- A link of the chain and, sealed under the person's key and bound to course, id and seq, the entry itself.
CREATE TABLE entries (
    course BLOB NOT NULL REFERENCES courses (id),
    seq INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    received_us INTEGER NOT NULL,
    author BLOB NOT NULL,
    role TEXT NOT NULL,
    day TEXT NOT NULL,
    entry_hash BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (course, seq)
) STRICT;

-- Which capsules are active in a blinded trial: encrypted to the pharmacist before it comes here, and sealed once more
-- under the person's key. The commitment stands in the journal, too.
CREATE TABLE sealed_allocations (
    commitment BLOB NOT NULL PRIMARY KEY,
    course BLOB NOT NULL REFERENCES courses (id),
    created_us INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

-- A person in one role. The name for signing in is kept only as a keyed hash; factor is sealed under a key of the site's.
CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    name_mac BLOB NOT NULL UNIQUE,
    password TEXT NOT NULL,
    factor BLOB,
    factor_step INTEGER,
    created_us INTEGER NOT NULL,
    disabled_us INTEGER
) STRICT;
CREATE INDEX accounts_by_person ON accounts (person);

-- Hashes of codes that stand for the second factor once.
CREATE TABLE recovery_codes (
    account BLOB NOT NULL REFERENCES accounts (id),
    code BLOB NOT NULL,
    used_us INTEGER,
    PRIMARY KEY (account, code)
) STRICT;

-- token is a hash; account is set when an existing account is recovered.
CREATE TABLE invitations (
    token BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    role TEXT,
    person BLOB REFERENCES people (id),
    account BLOB REFERENCES accounts (id),
    factor BLOB NOT NULL,
    invited_by BLOB,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    used_us INTEGER
) STRICT;

-- token is a hash; proved_us is when the person last proved who they are.
CREATE TABLE sessions (
    token BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    account BLOB NOT NULL REFERENCES accounts (id),
    own_device INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,
    proved_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    ended_us INTEGER
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account);

-- Hashes of what a device keeps after a sign-in.
CREATE TABLE devices (
    token BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX devices_by_account ON devices (account);

-- Wrong guesses per name, source and device; bucket is a keyed hash of it.
CREATE TABLE guesses (
    bucket BLOB NOT NULL PRIMARY KEY,
    n_wrong INTEGER NOT NULL,
    paused_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL
) STRICT;

-- Which account may see which course. A broken glass is a grant with a reason, sealed under the person's key.
CREATE TABLE grants (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    course BLOB NOT NULL REFERENCES courses (id),
    kind TEXT NOT NULL,
    from_us INTEGER NOT NULL,
    until_us INTEGER,
    given_by BLOB,
    ended_us INTEGER,
    reason BLOB
) STRICT;
CREATE INDEX grants_by_course ON grants (course, account);
CREATE INDEX grants_by_account ON grants (account);

-- What an account must be told.
CREATE TABLE notices (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    course BLOB NOT NULL REFERENCES courses (id),
    what TEXT NOT NULL,
    by_account BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    read_us INTEGER
) STRICT;
CREATE INDEX notices_by_account ON notices (account);

-- The trail: one row per action, each with the hash of the one before it.
CREATE TABLE audit (
    place INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    at_us INTEGER NOT NULL,
    account BLOB,
    role TEXT,
    course BLOB,
    action TEXT NOT NULL,
    subject BLOB,
    outcome TEXT NOT NULL,
    why TEXT NOT NULL,
    before_hash BLOB,
    after_hash BLOB,
    request TEXT NOT NULL,
    previous BLOB NOT NULL,
    own BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_course ON audit (course);
CREATE INDEX audit_by_account ON audit (account);

-- One row: the end of the trail, locked while a row is added.
CREATE TABLE audit_tip (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    place INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_tip (id, place, hash) VALUES (1, 0, zeroblob(32));

-- Heads that were published, one a day.
CREATE TABLE audit_heads (
    day TEXT NOT NULL PRIMARY KEY,
    place INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_heads_no_update BEFORE UPDATE ON audit_heads BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
