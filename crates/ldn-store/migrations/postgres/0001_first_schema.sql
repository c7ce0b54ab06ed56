-- Instants are microseconds since 1970-01-01 UTC, days are ISO 8601, hashes are SHA-256, sealed columns are
-- XChaCha20-Poly1305 with the nonce in front.

-- One row: which site key fits, and since when the store exists.
CREATE TABLE site (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    created_us BIGINT NOT NULL,
    key_check BYTEA NOT NULL
);

-- The name is sealed under the person's key.
CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    created_us BIGINT NOT NULL,
    name BYTEA NOT NULL
);

-- A person's data key, wrapped by the site key. No row: the person was erased.
CREATE TABLE person_keys (
    person UUID NOT NULL PRIMARY KEY REFERENCES people (id),
    wrapped BYTEA NOT NULL
);

-- Outlives everything else about the person, so that a restored backup can be erased again.
CREATE TABLE erasures (
    person UUID NOT NULL PRIMARY KEY,
    erased_us BIGINT NOT NULL
);

-- n_entries and head are those of the newest entry; head is the genesis of the course when there is none.
CREATE TABLE courses (
    id UUID NOT NULL PRIMARY KEY,
    person UUID NOT NULL REFERENCES people (id),
    n_entries BIGINT NOT NULL,
    head BYTEA NOT NULL
);
CREATE INDEX courses_by_person ON courses (person);

-- A link of the chain and, sealed under the person's key and bound to course, id and seq, the entry itself.
CREATE TABLE entries (
    course UUID NOT NULL REFERENCES courses (id),
    seq BIGINT NOT NULL,
    id UUID NOT NULL UNIQUE,
    received_us BIGINT NOT NULL,
    author UUID NOT NULL,
    role TEXT NOT NULL,
    day TEXT NOT NULL,
    entry_hash BYTEA NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (course, seq)
);

-- Which capsules are active in a blinded trial: encrypted to the pharmacist before it comes here, and sealed once more
-- under the person's key. The commitment stands in the journal, too.
CREATE TABLE sealed_allocations (
    commitment BYTEA NOT NULL PRIMARY KEY,
    course UUID NOT NULL REFERENCES courses (id),
    created_us BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);

-- A person in one role. The name for signing in is kept only as a keyed hash; factor is sealed under a key of the site's.
CREATE TABLE accounts (
    id UUID NOT NULL PRIMARY KEY,
    person UUID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    name_mac BYTEA NOT NULL UNIQUE,
    password TEXT NOT NULL,
    factor BYTEA,
    factor_step BIGINT,
    created_us BIGINT NOT NULL,
    disabled_us BIGINT
);
CREATE INDEX accounts_by_person ON accounts (person);

-- Hashes of codes that stand for the second factor once.
CREATE TABLE recovery_codes (
    account UUID NOT NULL REFERENCES accounts (id),
    code BYTEA NOT NULL,
    used_us BIGINT,
    PRIMARY KEY (account, code)
);

-- token is a hash; account is set when an existing account is recovered.
CREATE TABLE invitations (
    token BYTEA NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    role TEXT,
    person UUID REFERENCES people (id),
    account UUID REFERENCES accounts (id),
    factor BYTEA NOT NULL,
    invited_by UUID,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    used_us BIGINT
);

-- token is a hash; proved_us is when the person last proved who they are.
CREATE TABLE sessions (
    token BYTEA NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    account UUID NOT NULL REFERENCES accounts (id),
    own_device BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL,
    proved_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    ended_us BIGINT
);
CREATE INDEX sessions_by_account ON sessions (account);

-- Hashes of what a device keeps after a sign-in.
CREATE TABLE devices (
    token BYTEA NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    created_us BIGINT NOT NULL
);
CREATE INDEX devices_by_account ON devices (account);

-- Wrong guesses per name, source and device; bucket is a keyed hash of it.
CREATE TABLE guesses (
    bucket BYTEA NOT NULL PRIMARY KEY,
    n_wrong BIGINT NOT NULL,
    paused_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL
);

-- Which account may see which course. A broken glass is a grant with a reason, sealed under the person's key.
CREATE TABLE grants (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    course UUID NOT NULL REFERENCES courses (id),
    kind TEXT NOT NULL,
    from_us BIGINT NOT NULL,
    until_us BIGINT,
    given_by UUID,
    ended_us BIGINT,
    reason BYTEA
);
CREATE INDEX grants_by_course ON grants (course, account);
CREATE INDEX grants_by_account ON grants (account);

-- What an account must be told.
CREATE TABLE notices (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    course UUID NOT NULL REFERENCES courses (id),
    what TEXT NOT NULL,
    by_account UUID NOT NULL,
    at_us BIGINT NOT NULL,
    read_us BIGINT
);
CREATE INDEX notices_by_account ON notices (account);

-- The trail: one row per action, each with the hash of the one before it.
CREATE TABLE audit (
    place BIGINT NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    at_us BIGINT NOT NULL,
    account UUID,
    role TEXT,
    course UUID,
    action TEXT NOT NULL,
    subject UUID,
    outcome TEXT NOT NULL,
    why TEXT NOT NULL,
    before_hash BYTEA,
    after_hash BYTEA,
    request TEXT NOT NULL,
    previous BYTEA NOT NULL,
    own BYTEA NOT NULL
);
CREATE INDEX audit_by_course ON audit (course);
CREATE INDEX audit_by_account ON audit (account);

-- One row: the end of the trail, locked while a row is added.
CREATE TABLE audit_tip (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    place BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
INSERT INTO audit_tip (id, place, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

-- Heads that were published, one a day.
CREATE TABLE audit_heads (
    day TEXT NOT NULL PRIMARY KEY,
    place BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END
$$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_heads_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
