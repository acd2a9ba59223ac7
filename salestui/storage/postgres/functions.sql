-- What the server itself sees to: one writer at a time, the history's chain, who acts, and what nobody announced.
-- Installed by `salestui init`, owned by salestui_owner, which nobody can log in as. May be run again.

CREATE TABLE IF NOT EXISTS guard (
    one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), txid BIGINT NOT NULL, head INTEGER NOT NULL
);
INSERT INTO guard (txid, head) VALUES (0, 0) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS about (key TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS attachment (
    digest TEXT COLLATE "C" PRIMARY KEY,
    content BYTEA NOT NULL,
    CHECK (digest = encode(sha256(content), 'hex'))
);
ALTER TABLE attachment ALTER COLUMN content SET STORAGE EXTERNAL;

-- Who acts: the role that logged in, which no SET ROLE changes.

CREATE OR REPLACE FUNCTION trusted() RETURNS BOOLEAN LANGUAGE sql STABLE
    SET search_path = salestui, pg_temp
    AS $$ SELECT pg_has_role(session_user, 'salestui_owner', 'MEMBER') $$;

CREATE OR REPLACE FUNCTION me() RETURNS INTEGER LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT id FROM "user" WHERE login = session_user AND active $$;

CREATE OR REPLACE FUNCTION manages() RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT EXISTS (SELECT 1 FROM "user" WHERE id = me() AND permission IN ('manager', 'admin'))
            AND pg_has_role(session_user, 'salestui_manager', 'MEMBER') $$;

CREATE OR REPLACE FUNCTION administers() RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT EXISTS (SELECT 1 FROM "user" WHERE id = me() AND permission = 'admin')
            AND pg_has_role(session_user, 'salestui_admin', 'MEMBER') $$;

-- Who sees what: everybody everything, or each rep what storage/visibility.py lets him see, where the team wants it so.

CREATE OR REPLACE FUNCTION sees_all() RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT trusted() OR me() IS NOT NULL AND (manages() OR NOT EXISTS (
              SELECT 1 FROM setting WHERE key = 'reps_see' AND value = '"own"')) $$;

CREATE OR REPLACE FUNCTION sees_deal(number INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT EXISTS (
        SELECT 1 FROM deal d JOIN campaign c ON c.id = d.campaign_id
        WHERE d.id = number AND (
            d.owner_id = me() OR me() IS NOT NULL AND c.shared OR EXISTS (
                SELECT 1 FROM review r JOIN asked a ON a.review_id = r.id
                WHERE r.deal_id = d.id AND (
                    a.user_id = me()
                    OR a.user_id IS NULL AND EXISTS (
                        SELECT 1 FROM "user" u WHERE u.id = me() AND u.roles::jsonb ? a.role)
                    OR a.user_id IN (SELECT user_id FROM deputy WHERE deputy_id = me() AND ended_at IS NULL))))) $$;

CREATE OR REPLACE FUNCTION sees_customer(number INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT me() IS NOT NULL AND (
        EXISTS (SELECT 1 FROM customer WHERE id = number AND owner_id = me())
        OR NOT EXISTS (SELECT 1 FROM deal WHERE customer_id = number)
        OR EXISTS (SELECT 1 FROM deal WHERE customer_id = number AND sees_deal(id))
        OR EXISTS (SELECT 1 FROM membership m JOIN campaign c ON c.id = m.campaign_id
                   WHERE m.customer_id = number AND c.shared)) $$;

CREATE OR REPLACE FUNCTION sees_talk(number INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT EXISTS (SELECT 1 FROM activity WHERE id = number AND me() IN (owner_id, author_id))
              OR EXISTS (SELECT 1 FROM activity_deal WHERE activity_id = number AND sees_deal(deal_id)) $$;

CREATE OR REPLACE FUNCTION in_sight(owner_ INTEGER, campaign_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT owner_ = me() OR EXISTS (SELECT 1 FROM campaign WHERE id = campaign_ AND shared) $$;

CREATE OR REPLACE FUNCTION changing() RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT txid = txid_current_if_assigned() FROM guard $$;

CREATE OR REPLACE FUNCTION utc_now() RETURNS TEXT LANGUAGE sql VOLATILE
    SET search_path = salestui, pg_temp
    AS $$ SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

CREATE OR REPLACE FUNCTION refuse(why TEXT) RETURNS void LANGUAGE plpgsql
    SET search_path = salestui, pg_temp
    AS $$ BEGIN RAISE EXCEPTION '%', why USING ERRCODE = 'insufficient_privilege'; END $$;

-- One writer at a time: whoever changes anything holds the one row of `guard` until the end of his transaction. It also
-- tells where the history stood when the transaction began.

CREATE OR REPLACE FUNCTION begin_change() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF (SELECT txid FROM guard) = txid_current() THEN
        RETURN;
    END IF;
    PERFORM 1 FROM guard FOR UPDATE;
    UPDATE guard SET txid = txid_current(), head = (SELECT coalesce(max(id), 0) FROM event);
    PERFORM pg_notify('salestui_changed', '');
END $$;

CREATE OR REPLACE FUNCTION queue() RETURNS trigger LANGUAGE plpgsql
    SET search_path = salestui, pg_temp
    AS $$ BEGIN PERFORM begin_change(); RETURN NULL; END $$;

-- The history: numbered, salted and chained here. The text that is hashed is that of storage/chain.py, byte for byte.

CREATE OR REPLACE FUNCTION append_event(
    at_ TEXT, actor_ INTEGER, name_ TEXT, action_ TEXT, subject_ TEXT, deal_ INTEGER, customer_ INTEGER,
    campaign_ INTEGER, before_ TEXT, after_ TEXT, note_ TEXT, command_ TEXT
) RETURNS INTEGER LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    last RECORD;
    number INTEGER;
    salt_ TEXT := replace(gen_random_uuid()::text, '-', '');
    digest_ TEXT;
BEGIN
    SELECT id, chain INTO last FROM event ORDER BY id DESC LIMIT 1;
    number := coalesce(last.id, 0) + 1;
    digest_ := encode(sha256(convert_to(
        '{"action":' || to_json(action_)
        || ',"actor_id":' || actor_
        || ',"actor_name":' || to_json(name_)
        || ',"after":' || coalesce(to_json(after_)::text, 'null')
        || ',"at":' || to_json(at_)
        || ',"before":' || coalesce(to_json(before_)::text, 'null')
        || ',"campaign_id":' || coalesce(campaign_::text, 'null')
        || ',"command_id":' || to_json(command_)
        || ',"customer_id":' || coalesce(customer_::text, 'null')
        || ',"deal_id":' || coalesce(deal_::text, 'null')
        || ',"id":' || number
        || ',"note":' || to_json(note_)
        || ',"salt":' || to_json(salt_)
        || ',"subject":' || to_json(subject_) || '}', 'UTF8')), 'hex');
    INSERT INTO event (id, at, actor_id, actor_name, action, subject, deal_id, customer_id, campaign_id, before, after,
                       note, command_id, salt, digest, chain)
    VALUES (number, at_, actor_, name_, action_, subject_, deal_, customer_, campaign_, before_, after_, note_, command_,
            salt_, digest_,
            encode(sha256(convert_to(coalesce(last.chain, repeat('0', 64)) || digest_, 'UTF8')), 'hex'));
    RETURN number;
END $$;

CREATE OR REPLACE FUNCTION may_announce(action_ TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE
    SET search_path = salestui, pg_temp
    AS $$ SELECT CASE
        WHEN action_ LIKE 'database.%' THEN false
        WHEN action_ ~ '^(user\.|setting\.|playbook\.|person\.)' THEN administers()
        WHEN action_ ~ '^(exception\.|deal\.reassigned$|deal\.upgraded$|campaign\.upgraded$)' THEN manages()
        ELSE me() IS NOT NULL END $$;

CREATE OR REPLACE FUNCTION record_event(
    at_ TEXT, actor_ INTEGER, name_ TEXT, action_ TEXT, subject_ TEXT, deal_ INTEGER, customer_ INTEGER,
    campaign_ INTEGER, before_ TEXT, after_ TEXT, note_ TEXT, command_ TEXT
) RETURNS INTEGER LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    PERFORM begin_change();
    IF NOT trusted() THEN
        IF may_announce(action_) IS NOT TRUE THEN
            PERFORM refuse(format('%s may not record %s', session_user, action_));
        END IF;
        at_ := utc_now();
        SELECT id, name INTO actor_, name_ FROM "user" WHERE id = me();
    END IF;
    RETURN append_event(at_, actor_, name_, action_, subject_, deal_, customer_, campaign_, before_, after_, note_,
                        command_);
END $$;

CREATE OR REPLACE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    newest RECORD;
BEGIN
    SELECT id, action, after INTO newest FROM event ORDER BY id DESC LIMIT 1;
    IF TG_OP = 'INSERT' AND NEW.id = coalesce(newest.id, 0) + 1 THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND newest.action = 'person.erased' AND strpos(newest.after, '"' || OLD.id || '":') > 0
       AND (NEW.id, NEW.at, NEW.actor_id, NEW.actor_name, NEW.action, NEW.subject, NEW.command_id, NEW.digest, NEW.chain)
         = (OLD.id, OLD.at, OLD.actor_id, OLD.actor_name, OLD.action, OLD.subject, OLD.command_id, OLD.digest, OLD.chain)
       AND (NEW.deal_id, NEW.customer_id, NEW.campaign_id)
           IS NOT DISTINCT FROM (OLD.deal_id, OLD.customer_id, OLD.campaign_id) THEN
        RETURN NEW;
    END IF;
    PERFORM refuse('history_is_append_only');
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION keep_whole() RETURNS trigger LANGUAGE plpgsql
    SET search_path = salestui, pg_temp
    AS $$ BEGIN PERFORM refuse('history_is_append_only'); RETURN NULL; END $$;

-- What a rule of the product forbids and row-level security alone cannot say.

CREATE OR REPLACE FUNCTION near_now(moment TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE
    SET search_path = salestui, pg_temp
    AS $$ SELECT moment ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$'
             AND moment::timestamptz BETWEEN clock_timestamp() - INTERVAL '5 minutes'
                                         AND clock_timestamp() + INTERVAL '5 minutes' $$;

CREATE OR REPLACE FUNCTION honest_time() RETURNS trigger LANGUAGE plpgsql
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NOT trusted() AND near_now(to_jsonb(NEW) ->> TG_ARGV[0]) IS NOT TRUE THEN
        PERFORM refuse(format('%s.%s is not now: is a clock wrong?', TG_TABLE_NAME, TG_ARGV[0]));
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fair_vote() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    reviewed RECORD;
    voter INTEGER := coalesce(NEW.deputy_for_id, NEW.user_id);
    today TEXT := to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD');
BEGIN
    IF trusted() THEN
        RETURN NEW;
    END IF;
    SELECT r.output_id, r.revision, r.recalled_at, d.owner_id AS deal_owner, o.latest INTO reviewed
    FROM review r JOIN output o ON o.id = r.output_id LEFT JOIN deal d ON d.id = r.deal_id
    WHERE r.id = NEW.review_id;
    IF NEW.recorded_by_id IS NOT NULL OR NEW.user_id IS DISTINCT FROM me() THEN
        PERFORM refuse('a vote is given by the person who is logged in');
    ELSIF reviewed.recalled_at IS NOT NULL OR reviewed.revision <> reviewed.latest THEN
        PERFORM refuse('the review is over');
    ELSIF reviewed.deal_owner IN (NEW.user_id, voter) THEN
        PERFORM refuse('nobody votes on his own deal');
    ELSIF EXISTS (
            SELECT 1 FROM revision WHERE output_id = reviewed.output_id AND number <= reviewed.revision
            AND author_id IN (NEW.user_id, voter) AND number > coalesce((
                SELECT max(r.revision) FROM review r JOIN vote v ON v.review_id = r.id AND v.decision = 'approve'
                WHERE r.output_id = reviewed.output_id AND r.revision < reviewed.revision), 0)) THEN
        PERFORM refuse('nobody votes on his own work');
    ELSIF NOT EXISTS (SELECT 1 FROM "user" WHERE id = voter AND active AND roles::jsonb ? NEW.role) THEN
        PERFORM refuse('the role is not held');
    ELSIF NEW.deputy_for_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM deputy WHERE user_id = NEW.deputy_for_id AND deputy_id = NEW.user_id AND ended_at IS NULL
            AND starts::date - 1 <= today::date AND ends::date + 1 >= today::date) THEN
        PERFORM refuse('nobody named this deputy');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fair_exception() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF trusted() THEN
        RETURN NEW;
    ELSIF NOT manages() THEN
        PERFORM refuse('only a manager grants exceptions');
    ELSIF TG_OP = 'INSERT' AND (NEW.recorded_by_id IS NOT NULL OR NEW.granted_by_id IS DISTINCT FROM me()) THEN
        PERFORM refuse('an exception is granted by the person who is logged in');
    ELSIF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM deal WHERE id = NEW.deal_id AND owner_id = me()) THEN
        PERFORM refuse('nobody grants an exception for his own deal');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION same_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NOT trusted() AND manages() IS NOT TRUE THEN
        PERFORM refuse(format('only a manager gives a %s to another owner', TG_TABLE_NAME));
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION own_recall() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NEW.recalled_at IS DISTINCT FROM OLD.recalled_at AND NOT trusted()
       AND OLD.requested_by_id IS DISTINCT FROM me() AND manages() IS NOT TRUE THEN
        PERFORM refuse('a review is recalled by whoever asked for it, or by a manager');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION next_revision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NOT trusted()
       AND NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM revision WHERE output_id = NEW.output_id) THEN
        PERFORM refuse('revisions are numbered without gaps');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION latest_is_last() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NOT trusted() AND (SELECT latest FROM output WHERE id = NEW.id) <> (SELECT coalesce(max(number), 0) FROM revision WHERE output_id = NEW.id) THEN
        PERFORM refuse('the newest revision is the one that counts');
    END IF;
    RETURN NULL;
END $$;

-- A rep who sees only his own cannot judge others' cards anew when he changes a customer they share: whoever reads them
-- next does.

CREATE OR REPLACE FUNCTION stale_cards() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    this_row JSONB := to_jsonb(NEW);
    whose INTEGER;
    push INTEGER;
BEGIN
    IF sees_all() THEN
        RETURN NULL;
    ELSIF TG_TABLE_NAME = 'customer' OR this_row ->> 'scope' = 'customer' THEN
        whose := coalesce(this_row ->> 'owner_id', '0')::integer;
        whose := CASE WHEN TG_TABLE_NAME = 'customer' THEN NEW.id ELSE whose END;
    ELSIF this_row ->> 'scope' = 'campaign' THEN
        push := (this_row ->> 'owner_id')::integer;
    ELSIF this_row ? 'customer_id' THEN
        whose := (this_row ->> 'customer_id')::integer;
    ELSE
        SELECT customer_id, campaign_id INTO whose, push FROM membership
        WHERE id = coalesce(this_row ->> 'membership_id', this_row ->> 'owner_id')::integer
          AND coalesce(this_row ->> 'scope', 'customer_in_campaign') = 'customer_in_campaign';
    END IF;
    UPDATE card SET stale = true FROM deal d
    WHERE d.id = card.deal_id AND card.shown_in <> '' AND NOT sees_deal(d.id)
      AND (whose IS NOT NULL OR push IS NOT NULL)
      AND d.customer_id = coalesce(whose, d.customer_id) AND d.campaign_id = coalesce(push, d.campaign_id);
    RETURN NULL;
END $$;

-- Whoever is entered as a user gets a role to log in with, and loses its rights when he leaves.

CREATE OR REPLACE FUNCTION let_in() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    is_super BOOLEAN;
    level TEXT;
    levels CONSTANT TEXT[] := ARRAY['rep', 'manager', 'admin'];
    wanted TEXT[] := CASE WHEN NEW.active THEN levels[1:array_position(levels, NEW.permission)] ELSE '{}' END;
BEGIN
    IF current_setting('salestui.roles', true) = 'kept' THEN
        RETURN NULL;
    END IF;
    IF NEW.login ~ '^(pg_|salestui_)' OR NEW.login IN ('public', 'none', '') OR octet_length(NEW.login) > 63 THEN
        PERFORM refuse(format('%s cannot be a login', NEW.login));
    END IF;
    SELECT rolsuper INTO is_super FROM pg_roles WHERE rolname = NEW.login;
    IF is_super IS NULL THEN
        IF wanted = '{}' THEN
            RETURN NULL;
        END IF;
        EXECUTE format('CREATE ROLE %I LOGIN', NEW.login);
    ELSIF is_super THEN
        RETURN NULL;
    END IF;
    FOREACH level IN ARRAY levels LOOP
        IF level = ANY (wanted) THEN
            EXECUTE format('GRANT %I TO %I', 'salestui_' || level, NEW.login);
        ELSE
            EXECUTE format('REVOKE %I FROM %I', 'salestui_' || level, NEW.login);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- What was changed without an event of the product that tells it gets one here, at the end of the transaction.

CREATE OR REPLACE FUNCTION deal_told(was JSONB, is_now JSONB, head_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
    WITH fact (col, key) AS (
        VALUES ('stage', 'stage'), ('status', 'status'), ('owner_id', 'owner'), ('playbook_version', 'playbook_version'),
               ('amount_minor', 'amount_minor'), ('currency', 'currency'), ('expected_on', 'expected_on'),
               ('title', 'title'), ('need', 'need'), ('source', 'source')
    ), changed (col) AS (
        SELECT key FROM jsonb_each(is_now) WHERE key <> 'version' AND value IS DISTINCT FROM was -> key
    ), told (after) AS (
        SELECT coalesce(after, '{}')::jsonb FROM event
        WHERE id > head_ AND deal_id = (is_now ->> 'id')::integer AND action ~ '^deal\.'
    )
    SELECT NOT EXISTS (
        SELECT 1 FROM fact JOIN changed USING (col)
        WHERE NOT EXISTS (SELECT 1 FROM told
                          WHERE after ? key AND (after ->> key) IS NOT DISTINCT FROM (is_now ->> col))
    ) AND (NOT EXISTS (SELECT 1 FROM changed WHERE col NOT IN (SELECT col FROM fact))
           OR EXISTS (SELECT 1 FROM changed WHERE col IN ('stage', 'status'))) $$;

CREATE OR REPLACE FUNCTION announced(of_table TEXT, was JSONB, is_now JSONB, head_ INTEGER) RETURNS BOOLEAN
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    this_row JSONB := coalesce(is_now, was);
    wanted TEXT := (SELECT value FROM about WHERE key = 'announces.' || of_table);
BEGIN
    IF (was - 'version') = (is_now - 'version')
       OR EXISTS (SELECT 1 FROM event WHERE id > head_ AND action = 'person.erased') THEN
        RETURN true;
    ELSIF of_table = 'deal' AND was IS NOT NULL AND is_now IS NOT NULL THEN
        RETURN deal_told(was, is_now, head_);
    ELSIF of_table = 'deal' THEN
        RETURN EXISTS (
            SELECT 1 FROM event WHERE id > head_ AND action = 'deal.created' AND deal_id = (is_now ->> 'id')::integer
            AND after::jsonb ->> 'stage' = is_now ->> 'stage' AND after::jsonb ->> 'owner' = is_now ->> 'owner_id');
    END IF;
    RETURN EXISTS (
        SELECT 1 FROM event e
        WHERE e.id > head_ AND e.action ~ wanted
          AND (NOT this_row ? 'deal_id' OR this_row -> 'deal_id' = 'null' OR e.deal_id IS NULL
               OR e.deal_id = (this_row ->> 'deal_id')::integer)
          AND (NOT this_row ? 'customer_id' OR e.customer_id IS NULL
               OR e.customer_id = (this_row ->> 'customer_id')::integer)
          AND (of_table <> 'customer' OR e.customer_id = (this_row ->> 'id')::integer)
          AND (of_table <> 'campaign' OR e.campaign_id = (this_row ->> 'id')::integer)
          AND (of_table <> 'user' OR e.subject = this_row ->> 'login'));
END $$;

CREATE OR REPLACE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    was JSONB := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    is_now JSONB := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    this_row JSONB := coalesce(is_now, was);
    old_values JSONB;
    new_values JSONB;
    head_ INTEGER := (SELECT head FROM guard);
BEGIN
    IF trusted() AND current_setting('salestui.unaudited', true) = 'on' THEN
        RETURN NULL;
    END IF;
    IF announced(TG_TABLE_NAME, was, is_now, head_) THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(key, value) INTO old_values FROM jsonb_each(was)
    WHERE is_now IS NULL OR value IS DISTINCT FROM is_now -> key;
    SELECT jsonb_object_agg(key, value) INTO new_values FROM jsonb_each(is_now)
    WHERE was IS NULL OR value IS DISTINCT FROM was -> key;
    IF old_values IS NULL AND new_values IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM append_event(
        utc_now(), coalesce(me(), 0), session_user::text, 'database.changed',
        CASE WHEN TG_TABLE_NAME = 'deal' THEN 'D' || (this_row ->> 'id')
             ELSE TG_TABLE_NAME || ' ' || coalesce(this_row ->> 'id', this_row ->> 'key', '') END,
        CASE WHEN TG_TABLE_NAME = 'deal' THEN (this_row ->> 'id')::integer ELSE (this_row ->> 'deal_id')::integer END,
        CASE WHEN TG_TABLE_NAME = 'customer' THEN (this_row ->> 'id')::integer
             ELSE (this_row ->> 'customer_id')::integer END,
        CASE WHEN TG_TABLE_NAME = 'campaign' THEN (this_row ->> 'id')::integer
             ELSE (this_row ->> 'campaign_id')::integer END,
        CASE WHEN old_values IS NULL THEN NULL ELSE old_values::text END,
        CASE WHEN new_values IS NULL THEN NULL ELSE new_values::text END,
        TG_OP || ' ' || TG_TABLE_NAME, '');
    RETURN NULL;
END $$;

-- An event that tells what did not happen is refused with all of its transaction.

CREATE OR REPLACE FUNCTION true_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    told JSONB := coalesce(NEW.after, '{}')::jsonb;
    head_ INTEGER := (SELECT head FROM guard);
    stands RECORD;
BEGIN
    IF trusted() OR NEW.action LIKE 'database.%' THEN
        RETURN NULL;
    END IF;
    IF NEW.action ~ '^deal\.' AND NOT EXISTS (
            SELECT 1 FROM event WHERE id > NEW.id AND deal_id = NEW.deal_id AND action ~ '^deal\.') THEN
        SELECT stage, status, owner_id INTO stands FROM deal WHERE id = NEW.deal_id;
        IF coalesce(told ->> 'stage', stands.stage) IS DISTINCT FROM stands.stage
           OR coalesce(told ->> 'status', stands.status) IS DISTINCT FROM stands.status
           OR coalesce(told ->> 'owner', stands.owner_id::text) IS DISTINCT FROM stands.owner_id::text THEN
            PERFORM refuse('the event tells what did not happen');
        END IF;
    END IF;
    IF NEW.action = 'review.voted' AND NOT EXISTS (
            SELECT 1 FROM vote WHERE xmin::text::bigint = (txid_current() & 4294967295) AND user_id = me()) THEN
        PERFORM refuse('the event tells of a vote that nobody gave');
    END IF;
    IF NEW.action = 'exception.granted' AND NOT EXISTS (
            SELECT 1 FROM waiver WHERE xmin::text::bigint = (txid_current() & 4294967295) AND deal_id = NEW.deal_id) THEN
        PERFORM refuse('the event tells of an exception that nobody granted');
    END IF;
    RETURN NULL;
END $$;
