-- Everything on the server that a rule hangs on, as (name, text): named as SQL names it, with what it says there.
WITH role (oid, name) AS (
    SELECT oid, rolname::text FROM pg_roles UNION ALL SELECT 0, 'PUBLIC'
), relation AS (
    SELECT oid, relname, relkind, relowner, relacl, relrowsecurity, relforcerowsecurity FROM pg_class
    WHERE relnamespace = 'salestui'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), routine AS (
    SELECT oid, proowner, proacl, prokind, proname || '(' || pg_get_function_identity_arguments(oid) || ')' AS called
    FROM pg_proc WHERE pronamespace = 'salestui'::regnamespace
), held (acl, owner, what) AS (
    SELECT nspacl, nspowner, 'SCHEMA salestui' FROM pg_namespace WHERE nspname = 'salestui'
    UNION ALL SELECT relacl, relowner, relname FROM relation
    UNION ALL SELECT coalesce(proacl, acldefault('f', proowner)), proowner, 'FUNCTION ' || called FROM routine
    UNION ALL SELECT attacl, relowner, relname || ' (' || attname || ')'
        FROM relation JOIN pg_attribute ON attrelid = relation.oid AND NOT attisdropped
)
SELECT 'OWNER OF ' || relname, name FROM relation JOIN role ON role.oid = relowner
UNION ALL SELECT 'ROW LEVEL SECURITY ON ' || relname, relrowsecurity::text || ' ' || relforcerowsecurity
    FROM relation WHERE relkind IN ('r', 'p')
UNION ALL SELECT 'POLICY ' || policyname || ' ON ' || tablename,
        concat_ws(' ', permissive, roles::text, cmd, 'USING', qual, 'CHECK', with_check)
    FROM pg_policies WHERE schemaname = 'salestui'
UNION ALL SELECT 'TRIGGER ' || tgname || ' ON ' || relname, tgenabled::text || ' ' || pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN relation ON relation.oid = tgrelid WHERE NOT tgisinternal
UNION ALL SELECT 'FUNCTION ' || called,
        name || ' ' || CASE WHEN prokind IN ('f', 'p') THEN pg_get_functiondef(routine.oid) ELSE prokind::text END
    FROM routine JOIN role ON role.oid = proowner
UNION ALL SELECT 'GRANT ' || each.privilege_type || ' ON ' || what || ' TO ' || name, each.is_grantable::text
    FROM held CROSS JOIN aclexplode(acl) AS each JOIN role ON role.oid = each.grantee WHERE each.grantee <> owner
