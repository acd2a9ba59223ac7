-- Takes away every policy, trigger, function and right on the schema, whoever made it, before they are made anew.
-- Without policies the owner would be held back from the tables by row-level security himself, so it is not forced then.
DO $$
DECLARE
    each RECORD;
    kind TEXT;
BEGIN
    FOR each IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'salestui' LOOP
        EXECUTE format('DROP POLICY %I ON salestui.%I', each.policyname, each.tablename);
    END LOOP;
    FOR each IN SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                WHERE relnamespace = 'salestui'::regnamespace AND NOT tgisinternal LOOP
        EXECUTE format('DROP TRIGGER %I ON salestui.%I', each.tgname, each.relname);
    END LOOP;
    FOR each IN SELECT oid::regprocedure AS called FROM pg_proc WHERE pronamespace = 'salestui'::regnamespace LOOP
        EXECUTE format('DROP ROUTINE %s', each.called);
    END LOOP;
    FOR each IN SELECT relname FROM pg_class WHERE relnamespace = 'salestui'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE salestui.%I OWNER TO salestui_owner', each.relname);
        EXECUTE format('ALTER TABLE salestui.%I NO FORCE ROW LEVEL SECURITY', each.relname);
    END LOOP;
    FOR each IN
        SELECT DISTINCT coalesce(quote_ident(rolname), 'PUBLIC') AS name FROM (
            SELECT nspacl AS acl FROM pg_namespace WHERE nspname = 'salestui'
            UNION ALL SELECT relacl FROM pg_class WHERE relnamespace = 'salestui'::regnamespace
            UNION ALL SELECT attacl FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                      WHERE relnamespace = 'salestui'::regnamespace
        ) AS held CROSS JOIN aclexplode(acl) AS item LEFT JOIN pg_roles ON pg_roles.oid = item.grantee
        WHERE item.grantee <> 'salestui_owner'::regrole
    LOOP
        FOREACH kind IN ARRAY ARRAY['ALL TABLES IN SCHEMA', 'ALL SEQUENCES IN SCHEMA', 'SCHEMA'] LOOP
            EXECUTE format('REVOKE ALL ON %s salestui FROM %s CASCADE', kind, each.name);
        END LOOP;
    END LOOP;
END $$
