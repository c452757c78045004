package dev.migrator.internal.journal;

/** The tables of the journal as a new database gets them, in the layout of this library. */
final class JournalTables {

  static final String SQL =
      """
      CREATE TABLE migrator.lease (
        name text NOT NULL UNIQUE,
        token bigint NOT NULL,
        instance text,
        since timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        -- Whether the leader, or the one that has yielded, leads for its start and waits for no lock.
        starting boolean NOT NULL DEFAULT false,
        -- Who wants to lead next, and when it last renewed that wish.
        wanted_by uuid,
        wanted_at timestamptz,
        -- The token is part of a key so that FOR KEY SHARE holds off a takeover, but not a renewal.
        PRIMARY KEY (name, token)
      );
      INSERT INTO migrator.lease (name, token, expires_at)
      VALUES ('leader', 0, '-infinity'), ('registration', 0, '-infinity');
      CREATE TABLE migrator.instance (
        key uuid PRIMARY KEY,
        name text NOT NULL,
        application text NOT NULL,
        release text NOT NULL,
        -- How the server sees its sessions, to find those that nobody accounts for.
        address inet,
        session_names text[] NOT NULL DEFAULT '{}',
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        beats bigint NOT NULL DEFAULT 0,
        expires_at timestamptz NOT NULL,
        left_at timestamptz,
        declares jsonb NOT NULL,
        reads jsonb NOT NULL DEFAULT '{}',
        mapped jsonb,
        -- The last announcement after which it protects its prepared statements; NULL if it cannot.
        protection bigint
      );
      CREATE INDEX ON migrator.instance (left_at);
      CREATE TABLE migrator.announcement (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        -- Of a change of columns that is about to come, and until when it counts.
        number bigint NOT NULL DEFAULT 0,
        ends_at timestamptz NOT NULL DEFAULT '-infinity',
        -- How often a table got other columns.
        changes bigint NOT NULL DEFAULT 0
      );
      INSERT INTO migrator.announcement DEFAULT VALUES;
      CREATE TABLE migrator.migration (
        id text PRIMARY KEY,
        -- Its first table, quoted.
        table_name text NOT NULL,
        -- What was declared of the phases that were begun.
        operations jsonb NOT NULL,
        begun text,
        phase text,
        since timestamptz,
        -- Whether it holds no later change of its columns.
        settled boolean NOT NULL DEFAULT false,
        contract_approved boolean NOT NULL DEFAULT false,
        paused boolean NOT NULL DEFAULT false,
        undoing boolean NOT NULL DEFAULT false,
        undone boolean NOT NULL DEFAULT false,
        failure text,
        drop_due timestamptz,
        completed boolean NOT NULL DEFAULT false,
        -- Who has to write the old side, of a change that the application keeps in step.
        old_side text NOT NULL DEFAULT 'KEPT',
        speed smallint NOT NULL DEFAULT 100,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX migration_pending ON migrator.migration (id) WHERE NOT settled OR undoing;
      CREATE TABLE migrator.step (
        migration_id text NOT NULL REFERENCES migrator.migration,
        name text NOT NULL,
        phase text NOT NULL,
        position integer NOT NULL,
        -- Of a step that undoes another one, the name of that.
        undoes text,
        state text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        instance text,
        started_at timestamptz,
        finished_at timestamptz,
        -- All that is needed to run it and to undo it.
        definition jsonb NOT NULL,
        error text,
        blockers jsonb NOT NULL DEFAULT '[]',
        PRIMARY KEY (migration_id, name)
      );
      CREATE TABLE migrator.event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        instance text NOT NULL,
        release text NOT NULL,
        migration_id text NOT NULL,
        phase text,
        step text,
        kind text NOT NULL,
        duration interval,
        detail text,
        blockers jsonb NOT NULL DEFAULT '[]'
      );
      CREATE INDEX ON migrator.event (migration_id, id);
      CREATE TABLE migrator.backfill (
        migration_id text PRIMARY KEY REFERENCES migrator.migration,
        -- What the chunks are for at present, COPY or VERIFY, and by which SQL.
        work text,
        ranges jsonb,
        undo boolean NOT NULL DEFAULT false,
        blocks bigint NOT NULL DEFAULT 0,
        rows_done bigint NOT NULL DEFAULT 0,
        rows_estimated bigint NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        -- The tables and partitions that are done, each as it was attached then.
        copied text[] NOT NULL DEFAULT '{}',
        verified text[] NOT NULL DEFAULT '{}',
        rows_verified bigint NOT NULL DEFAULT 0,
        rows_differing bigint NOT NULL DEFAULT 0,
        verified_at timestamptz,
        -- Why all workers wait, when that was last read, and where the log was then.
        throttle text,
        read_at timestamptz NOT NULL DEFAULT '-infinity',
        wal_lsn pg_lsn,
        wal_at timestamptz
      );
      CREATE INDEX backfill_open ON migrator.backfill (migration_id) WHERE work IS NOT NULL;
      CREATE TABLE migrator.chunk (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        migration_id text NOT NULL REFERENCES migrator.migration,
        relation oid NOT NULL,
        source text NOT NULL,
        -- What that table or partition was like when it was allocated: attachment and file.
        mark text NOT NULL,
        first_block bigint NOT NULL,
        end_block bigint NOT NULL,
        -- Where it goes on: which pass over the blocks from here, and at which of them.
        window_block bigint NOT NULL,
        pass integer NOT NULL DEFAULT 0,
        next_block bigint NOT NULL,
        blocks_done bigint NOT NULL DEFAULT 0,
        rows_done bigint NOT NULL DEFAULT 0,
        rows_differing bigint NOT NULL DEFAULT 0,
        rate double precision NOT NULL DEFAULT 0,
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        token bigint NOT NULL DEFAULT 0,
        worker text,
        throttle text,
        expires_at timestamptz NOT NULL DEFAULT '-infinity',
        finished boolean NOT NULL DEFAULT false,
        -- The transaction that finished it, until a vacuum has come by.
        finished_by xid8
      );
      CREATE INDEX chunk_unfinished ON migrator.chunk (migration_id) WHERE NOT finished;
      CREATE TABLE migrator.quarantine (
        migration_id text NOT NULL REFERENCES migrator.migration,
        relation oid NOT NULL,
        source text NOT NULL,
        mark text NOT NULL,
        block bigint NOT NULL,
        key text NOT NULL,
        sqlstate text NOT NULL,
        since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (migration_id, relation, key)
      );
      """;

  private JournalTables() {}
}
