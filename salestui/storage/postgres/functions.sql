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

CREATE INDEX IF NOT EXISTS revision_files ON revision USING gin ((files::jsonb) jsonb_path_ops) WHERE files <> '[]';
CREATE INDEX IF NOT EXISTS draft_files ON draft USING gin ((files::jsonb) jsonb_path_ops) WHERE files <> '[]';
CREATE INDEX IF NOT EXISTS vote_files ON vote USING gin ((files::jsonb) jsonb_path_ops) WHERE files <> '[]';
CREATE INDEX IF NOT EXISTS waiver_files ON waiver USING gin ((files::jsonb) jsonb_path_ops) WHERE files <> '[]';
CREATE INDEX IF NOT EXISTS activity_files ON activity USING gin ((summary_files::jsonb) jsonb_path_ops)
    WHERE summary_files <> '[]';

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

CREATE OR REPLACE FUNCTION sees_campaign(number INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT me() IS NOT NULL AND (
        EXISTS (SELECT 1 FROM campaign WHERE id = number AND (shared OR owner_id = me()))
        OR EXISTS (SELECT 1 FROM deal WHERE campaign_id = number AND owner_id = me())
        OR EXISTS (SELECT 1 FROM review r JOIN deal d ON d.id = r.deal_id
                   WHERE d.campaign_id = number AND sees_deal(d.id))) $$;

CREATE OR REPLACE FUNCTION sees_membership(number INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT EXISTS (SELECT 1 FROM membership WHERE id = number AND sees_customer(customer_id)) $$;

CREATE OR REPLACE FUNCTION sees_output(scope_ TEXT, owner_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT CASE scope_
        WHEN 'deal' THEN sees_deal(owner_)
        WHEN 'customer' THEN sees_customer(owner_)
        WHEN 'campaign' THEN sees_campaign(owner_)
        ELSE sees_membership(owner_) END $$;

CREATE OR REPLACE FUNCTION sees_paper(output_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT EXISTS (SELECT 1 FROM output WHERE id = output_ AND sees_output(scope, owner_id)) $$;

CREATE OR REPLACE FUNCTION sees_review(review_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT EXISTS (
        SELECT 1 FROM review WHERE id = review_ AND (requested_by_id = me() OR sees_paper(output_id))) $$;

CREATE OR REPLACE FUNCTION sees_file(digest_ TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
    WITH named (file) AS (SELECT jsonb_build_array(jsonb_build_object('sha256', digest_)))
    SELECT EXISTS (SELECT 1 FROM revision, named
                   WHERE files <> '[]' AND files::jsonb @> file AND sees_paper(output_id))
        OR EXISTS (SELECT 1 FROM draft, named WHERE files <> '[]' AND files::jsonb @> file AND author_id = me())
        OR EXISTS (SELECT 1 FROM vote, named
                   WHERE files <> '[]' AND files::jsonb @> file AND sees_review(review_id))
        OR EXISTS (SELECT 1 FROM waiver, named WHERE files <> '[]' AND files::jsonb @> file AND sees_deal(deal_id))
        OR EXISTS (SELECT 1 FROM activity, named
                   WHERE summary_files <> '[]' AND summary_files::jsonb @> file AND sees_talk(id)) $$;

CREATE OR REPLACE FUNCTION in_sight(owner_ INTEGER, campaign_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT owner_ = me() OR EXISTS (SELECT 1 FROM campaign WHERE id = campaign_ AND shared) $$;

CREATE OR REPLACE FUNCTION counts_for(owner_ INTEGER, campaign_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT EXISTS (SELECT 1 FROM review r JOIN deal d ON d.id = r.deal_id
                         WHERE d.owner_id = owner_ AND d.campaign_id = campaign_ AND sees_deal(d.id)) $$;

CREATE OR REPLACE FUNCTION changing() RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT txid = txid_current_if_assigned() FROM guard $$;

CREATE OR REPLACE FUNCTION utc_now() RETURNS TEXT LANGUAGE sql VOLATILE
    SET search_path = salestui, pg_temp
    AS $$ SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

CREATE OR REPLACE FUNCTION refuse(why TEXT) RETURNS void LANGUAGE plpgsql
    SET search_path = salestui, pg_temp
    AS $$ BEGIN RAISE EXCEPTION '%', why USING ERRCODE = 'insufficient_privilege'; END $$;

-- What one works on, as domain/permissions.py has it: one's own deals, and what serves them; all of it for managers.

CREATE OR REPLACE FUNCTION serves(scope_ TEXT, owner_ INTEGER) RETURNS SETOF deal LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
    SELECT * FROM deal WHERE scope_ = 'deal' AND id = owner_
    UNION ALL SELECT * FROM deal WHERE scope_ = 'customer' AND customer_id = owner_
    UNION ALL SELECT * FROM deal WHERE scope_ = 'campaign' AND campaign_id = owner_
    UNION ALL SELECT d.* FROM membership m JOIN deal d ON (d.customer_id, d.campaign_id) = (m.customer_id, m.campaign_id)
    WHERE scope_ = 'customer_in_campaign' AND m.id = owner_ $$;

CREATE OR REPLACE FUNCTION fills(scope_ TEXT, owner_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT me() IS NOT NULL AND (
        manages()
        OR EXISTS (SELECT 1 FROM serves(scope_, owner_) WHERE owner_id = me())
        OR EXISTS (SELECT 1 FROM campaign WHERE scope_ = 'campaign' AND id = owner_ AND owner_id = me())
        OR EXISTS (SELECT 1 FROM customer WHERE owner_id = me() AND (
                       scope_ = 'customer' AND id = owner_
                       OR scope_ = 'customer_in_campaign'
                       AND id = (SELECT customer_id FROM membership WHERE id = owner_)))) $$;

CREATE OR REPLACE FUNCTION works_on(customer_ INTEGER, campaign_ INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT me() IS NOT NULL AND (
        manages()
        OR EXISTS (SELECT 1 FROM customer WHERE id = customer_ AND owner_id = me())
        OR EXISTS (SELECT 1 FROM deal WHERE customer_id = customer_ AND campaign_id = campaign_ AND owner_id = me())
        OR EXISTS (SELECT 1 FROM campaign WHERE id = campaign_ AND owner_id = me())) $$;

CREATE OR REPLACE FUNCTION owns_deal(number INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT manages() OR EXISTS (SELECT 1 FROM deal WHERE id = number AND owner_id = me()) $$;

CREATE OR REPLACE FUNCTION may_edit_talk(number INTEGER) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT manages()
              OR EXISTS (SELECT 1 FROM activity WHERE id = number AND me() IN (owner_id, author_id))
              OR EXISTS (SELECT 1 FROM activity_deal l JOIN deal d ON d.id = l.deal_id
                         WHERE l.activity_id = number AND d.owner_id = me()) $$;

CREATE OR REPLACE FUNCTION hands_over(absent INTEGER, first_day TEXT, last_day TEXT) RETURNS BOOLEAN LANGUAGE sql
    STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT manages() AND EXISTS (
        SELECT 1 FROM deputy WHERE user_id = absent AND (starts, ends) = (first_day, last_day) AND ended_at IS NOT NULL
        AND xmin::text::bigint = (txid_current_if_assigned() & 4294967295)) $$;

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

CREATE OR REPLACE FUNCTION may_announce(action_ TEXT, deal_ INTEGER, told JSONB) RETURNS BOOLEAN LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT CASE
        WHEN action_ NOT IN (
            'action.ticked', 'action.unticked', 'activity.cancelled', 'activity.changed', 'activity.planned',
            'campaign.changed', 'campaign.created', 'campaign.upgraded', 'contact.changed', 'contact.created',
            'contact.removed', 'customer.changed', 'customer.classified', 'customer.created', 'customer.moved',
            'deal.changed', 'deal.completed', 'deal.created', 'deal.lost', 'deal.moved', 'deal.parked',
            'deal.reassigned', 'deal.reopened', 'deal.upgraded', 'deputy.ended', 'deputy.named', 'exception.granted',
            'exception.revoked', 'import.done', 'output.restored', 'output.sent', 'output.submitted',
            'output.withdrawn', 'person.erased', 'playbook.installed', 'review.reassigned', 'review.recalled',
            'review.requested', 'review.voted', 'score.recorded', 'setting.changed', 'talk.changed', 'talk.logged',
            'talk.summary_sent', 'user.added', 'user.changed', 'work.handed_over') THEN false
        WHEN deal_ IS NOT NULL AND NOT (sees_all() OR sees_deal(deal_)) THEN false
        WHEN action_ ~ '^(user|setting|playbook|person)\.' THEN administers()
        WHEN action_ ~ '^exception\.' OR action_ IN ('deal.reassigned', 'deal.upgraded', 'campaign.upgraded',
                                                     'work.handed_over') THEN manages()
        WHEN action_ ~ '^(deal|action)\.' AND owns_deal(deal_) IS NOT TRUE THEN false
        WHEN action_ ~ '^deal\.' THEN
            (NOT told ? 'stage' OR action_ IN ('deal.created', 'deal.moved', 'deal.reopened'))
            AND (NOT told ? 'status' OR action_ IN ('deal.moved', 'deal.completed', 'deal.lost', 'deal.parked',
                                                    'deal.reopened'))
            AND (NOT told ? 'owner' OR action_ = 'deal.created')
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
        IF may_announce(action_, deal_, coalesce(after_, '{}')::jsonb) IS NOT TRUE THEN
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
    SELECT r.output_id, r.revision, r.recalled_at, r.requested_by_id, o.scope, o.owner_id, o.latest,
           (SELECT owner_id FROM deal WHERE id = CASE WHEN o.scope = 'deal' THEN o.owner_id ELSE r.deal_id END)
               AS deal_owner INTO reviewed
    FROM review r JOIN output o ON o.id = r.output_id WHERE r.id = NEW.review_id;
    IF NEW.recorded_by_id IS NOT NULL OR NEW.user_id IS DISTINCT FROM me() THEN
        PERFORM refuse('a vote is given by the person who is logged in');
    ELSIF reviewed.recalled_at IS NOT NULL OR reviewed.revision <> reviewed.latest THEN
        PERFORM refuse('the review is over');
    ELSIF reviewed.deal_owner IS NULL OR reviewed.deal_owner IN (NEW.user_id, voter)
          OR reviewed.requested_by_id IN (NEW.user_id, voter) AND EXISTS (
            SELECT 1 FROM serves(reviewed.scope, reviewed.owner_id) d WHERE d.owner_id IN (NEW.user_id, voter)) THEN
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
    SELECT name INTO NEW.name FROM "user" WHERE id = NEW.user_id;
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
    ELSIF TG_OP = 'UPDATE' AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
          AND (OLD.revoked_at IS NOT NULL OR near_now(NEW.revoked_at) IS NOT TRUE) THEN
        PERFORM refuse('an exception is revoked once, and now');
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT name INTO NEW.granted_name FROM "user" WHERE id = NEW.granted_by_id;
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

CREATE OR REPLACE FUNCTION fair_review() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    read_ RECORD;
BEGIN
    IF trusted() THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NEW.recalled_at IS DISTINCT FROM OLD.recalled_at THEN
            IF OLD.requested_by_id IS DISTINCT FROM me() AND manages() IS NOT TRUE THEN
                PERFORM refuse('a review is recalled by whoever asked for it, or by a manager');
            ELSIF OLD.recalled_at IS NOT NULL OR near_now(NEW.recalled_at) IS NOT TRUE THEN
                PERFORM refuse('a review is recalled once, and now');
            END IF;
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO read_ FROM output WHERE id = NEW.output_id;
    IF fills(read_.scope, read_.owner_id) IS NOT TRUE THEN
        PERFORM refuse('a review is asked for by whoever works on what is reviewed, or by a manager');
    ELSIF NEW.deal_id IS NULL
          OR NOT EXISTS (SELECT 1 FROM serves(read_.scope, read_.owner_id) d WHERE d.id = NEW.deal_id) THEN
        PERFORM refuse('a review is of a deal that the output serves');
    ELSIF NEW.revision <> read_.latest OR read_.withdrawn OR NEW.recalled_at IS NOT NULL THEN
        PERFORM refuse('a review is of the newest revision');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fair_asking() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    before_ INTEGER := CASE WHEN TG_OP = 'UPDATE' THEN OLD.user_id END;
BEGIN
    IF trusted() OR manages() OR EXISTS (SELECT 1 FROM review WHERE id = NEW.review_id AND requested_by_id = me()) THEN
        RETURN NEW;
    ELSIF NEW.user_id IS DISTINCT FROM before_ OR NOT EXISTS (
            SELECT 1 FROM vote WHERE review_id = NEW.review_id AND me() IN (user_id, recorded_by_id)) THEN
        PERFORM refuse('whoever asked for a review, or a manager, says who is asked');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fair_output() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF trusted() THEN
        RETURN NEW;
    ELSIF fills(NEW.scope, NEW.owner_id) IS NOT TRUE THEN
        PERFORM refuse('an output is written by whoever works on what it belongs to, or by a manager');
    ELSIF TG_OP = 'UPDATE' AND NEW.withdrawn AND NOT OLD.withdrawn AND manages() IS NOT TRUE
          AND (NEW.scope IN ('campaign', 'customer')
               OR NEW.scope = 'customer_in_campaign' AND (SELECT count(*) > 1 FROM serves(NEW.scope, NEW.owner_id))) THEN
        PERFORM refuse('an output that serves several deals is withdrawn by a manager');
    ELSIF TG_OP = 'UPDATE' AND OLD.withdrawn AND NOT NEW.withdrawn AND NEW.latest = OLD.latest THEN
        PERFORM refuse('only a new revision ends that an output is withdrawn');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION next_revision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF trusted() THEN
        RETURN NEW;
    ELSIF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM revision WHERE output_id = NEW.output_id) THEN
        PERFORM refuse('revisions are numbered without gaps');
    ELSIF NOT EXISTS (SELECT 1 FROM output WHERE id = NEW.output_id AND fills(scope, owner_id)) THEN
        PERFORM refuse('a revision is submitted by whoever works on what it belongs to, or by a manager');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fair_sending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NOT trusted() AND NOT EXISTS (
            SELECT 1 FROM output
            WHERE id = NEW.output_id AND latest = NEW.revision AND NOT withdrawn AND fills(scope, owner_id)) THEN
        PERFORM refuse('the newest revision is sent, by whoever works on what it belongs to, or by a manager');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fair_tick() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF trusted() THEN
        RETURN NEW;
    ELSIF owns_deal(NEW.deal_id) IS NOT TRUE THEN
        PERFORM refuse('the actions of a deal are ticked by its owner, or by a manager');
    ELSIF TG_OP = 'UPDATE' AND NEW.undone_at IS DISTINCT FROM OLD.undone_at
          AND (OLD.undone_at IS NOT NULL OR near_now(NEW.undone_at) IS NOT TRUE) THEN
        PERFORM refuse('an action is taken back once, and now');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fair_class() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF trusted() OR TG_OP = 'INSERT' AND NEW.classification = '' AND NEW.reason = ''
       AND NEW.classified_at IS NULL AND NEW.classified_by_id IS NULL THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND (NEW.classification, NEW.reason, NEW.classified_at, NEW.classified_by_id)
          IS NOT DISTINCT FROM (OLD.classification, OLD.reason, OLD.classified_at, OLD.classified_by_id) THEN
        RETURN NEW;
    ELSIF NEW.classified_by_id IS DISTINCT FROM me() OR near_now(NEW.classified_at) IS NOT TRUE THEN
        PERFORM refuse('a customer is classified by the person who is logged in, and now');
    ELSIF works_on(NEW.customer_id, NEW.campaign_id) IS NOT TRUE THEN
        PERFORM refuse('a customer is classified by whoever works on it, or by a manager');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fair_finding() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NOT trusted() AND NOT EXISTS (
            SELECT 1 FROM membership WHERE id = NEW.membership_id AND works_on(customer_id, campaign_id)) THEN
        PERFORM refuse('a customer is scored by whoever works on it, or by a manager');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION own_talk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NOT trusted() AND may_edit_talk(OLD.id) IS NOT TRUE THEN
        PERFORM refuse('a talk is changed by whoever held or wrote it, by an owner of its deals, or by a manager');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION own_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    talk INTEGER := CASE WHEN TG_OP = 'INSERT' THEN NEW.activity_id ELSE OLD.activity_id END;
BEGIN
    IF NOT trusted() AND may_edit_talk(talk) IS NOT TRUE AND NOT EXISTS (
            SELECT 1 FROM activity WHERE id = talk AND xmin::text::bigint = (txid_current() & 4294967295)) THEN
        PERFORM refuse('the deals of a talk are changed by whoever may change the talk');
    ELSIF NOT trusted() AND TG_OP = 'INSERT' AND NOT EXISTS (
            SELECT 1 FROM activity a JOIN deal d ON d.customer_id = a.customer_id
            WHERE a.id = NEW.activity_id AND d.id = NEW.deal_id) THEN
        PERFORM refuse('a talk serves deals of its customer');
    END IF;
    RETURN CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
END $$;

CREATE OR REPLACE FUNCTION fair_talk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF trusted() OR manages() OR NEW.owner_id = me() OR TG_OP = 'UPDATE' AND NEW.owner_id = OLD.owner_id THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' AND NEW.state <> 'planned' OR NOT EXISTS (
            SELECT 1 FROM activity_deal l JOIN deal d ON d.id = l.deal_id
            WHERE l.activity_id = NEW.id AND d.owner_id = NEW.owner_id) THEN
        PERFORM refuse('nobody enters talks for others; steps are planned for the owners of the deals alone');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION own_command() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
BEGIN
    IF NOT trusted() AND EXISTS (SELECT 1 FROM command WHERE id = NEW.id AND actor_id <> NEW.actor_id) THEN
        PERFORM refuse('the command id was used by somebody else');
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
    WITH fact (col, key, by) AS (
        VALUES ('stage', 'stage', '^deal\.moved$'), ('status', 'status', '^deal\.(moved|completed|lost|parked|reopened)$'),
               ('owner_id', 'owner', '^deal\.reassigned$'),
               ('playbook_version', 'playbook_version', '^deal\.upgraded$'),
               ('amount_minor', 'amount_minor', '^deal\.changed$'), ('currency', 'currency', '^deal\.changed$'),
               ('expected_on', 'expected_on', '^deal\.changed$'), ('title', 'title', '^deal\.changed$'),
               ('need', 'need', '^deal\.changed$'), ('source', 'source', '^deal\.changed$')
    ), changed (col) AS (
        SELECT key FROM jsonb_each(is_now) WHERE key <> 'version' AND value IS DISTINCT FROM was -> key
    ), told (action, after) AS (
        SELECT action, coalesce(after, '{}')::jsonb FROM event
        WHERE id > head_ AND deal_id = (is_now ->> 'id')::integer AND action ~ '^deal\.'
    )
    SELECT NOT EXISTS (
        SELECT 1 FROM fact JOIN changed USING (col)
        WHERE NOT EXISTS (SELECT 1 FROM told
                          WHERE action ~ by AND after ? key AND (after ->> key) IS NOT DISTINCT FROM (is_now ->> col))
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
    ELSIF of_table = 'activity_deal' THEN
        RETURN EXISTS (
            SELECT 1 FROM event WHERE id > head_ AND action ~ wanted AND subject = 'T' || (this_row ->> 'activity_id'));
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

CREATE OR REPLACE FUNCTION concerns(
    of_table TEXT, this_row JSONB, OUT deal_ INTEGER, OUT customer_ INTEGER, OUT campaign_ INTEGER
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$
DECLARE
    number INTEGER := CASE WHEN of_table IN ('deal', 'customer', 'campaign', 'activity')
                           THEN (this_row ->> 'id')::integer END;
    review_ RECORD;
    paper RECORD;
    place INTEGER := (this_row ->> 'membership_id')::integer;
BEGIN
    deal_ := CASE WHEN of_table = 'deal' THEN number ELSE (this_row ->> 'deal_id')::integer END;
    customer_ := CASE WHEN of_table = 'customer' THEN number ELSE (this_row ->> 'customer_id')::integer END;
    campaign_ := CASE WHEN of_table = 'campaign' THEN number ELSE (this_row ->> 'campaign_id')::integer END;
    IF of_table = 'activity' THEN
        SELECT min(deal_id) INTO deal_ FROM activity_deal WHERE activity_id = number;
    ELSIF of_table IN ('output', 'revision', 'sending', 'review', 'vote', 'asked') THEN
        SELECT * INTO review_ FROM review WHERE id = (this_row ->> 'review_id')::integer;
        SELECT scope, owner_id INTO paper FROM output
        WHERE id = CASE WHEN of_table = 'output' THEN (this_row ->> 'id')::integer
                        ELSE coalesce((this_row ->> 'output_id')::integer, review_.output_id) END;
        IF paper.scope = 'deal' THEN
            deal_ := paper.owner_id;
        ELSIF paper.scope = 'customer' THEN
            deal_ := NULL;
            customer_ := paper.owner_id;
        ELSIF paper.scope = 'campaign' THEN
            deal_ := NULL;
            campaign_ := paper.owner_id;
        ELSE
            deal_ := NULL;
            place := paper.owner_id;
        END IF;
    END IF;
    IF place IS NOT NULL THEN
        SELECT m.customer_id, m.campaign_id INTO customer_, campaign_ FROM membership m WHERE m.id = place;
    END IF;
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
    place RECORD;
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
    SELECT * INTO place FROM concerns(TG_TABLE_NAME, this_row);
    PERFORM append_event(
        utc_now(), coalesce(me(), 0), session_user::text, 'database.changed',
        CASE WHEN TG_TABLE_NAME = 'deal' THEN 'D' || (this_row ->> 'id')
             ELSE TG_TABLE_NAME || ' ' || coalesce(this_row ->> 'id', this_row ->> 'key', '') END,
        place.deal_, place.customer_, place.campaign_,
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
