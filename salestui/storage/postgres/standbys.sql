-- What the server tells the team of its standbys: nothing but their names and how far they are.
CREATE OR REPLACE FUNCTION standbys() RETURNS TABLE (name TEXT, sync_state TEXT) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = salestui, pg_temp
    AS $$ SELECT application_name, sync_state FROM pg_stat_replication WHERE state = 'streaming' $$;
