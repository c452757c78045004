package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingChangesTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET LOCAL app.tenant = '1'",
        "/* all */ set constraints all deferred",
        "RESET ALL",
        "SELECT pg_catalog.set_config('app.tenant', '1', true)",
        "DO $$ BEGIN SET app.tenant = '1'; END $$",
        "DO $x$ BEGIN PERFORM 1; SET app.tenant = '1'; END $x$",
        "DO $$ BEGIN IF true THEN SET app.tenant = '1'; END IF; END $$",
        "DO $$ BEGIN EXECUTE 'SET app.tenant = 1'; END $$",
        "DO $$ BEGIN EXECUTE format('SET LOCAL %I = 1', 'app.tenant'); END $$",
        "DO $$ BEGIN PERFORM set_config('app.tenant', '1', false); END $$",
        "DO 'BEGIN EXECUTE ''SET app.tenant = 1''; END'",
        "DO 'BEGIN EXECUTE ''DO '''' BEGIN EXECUTE '''''''' SET app.tenant = 1''''''''; END ''''''; END'",
        "SELECT \"set_config\"('app.tenant', '1', true)",
        "DO E'BEGIN SET app.tenant = 1; END'",
        "DO LANGUAGE plpython3u $$ d = \"it's\"; plpy.execute('set x to 1') $$"
      })
  void isSeenWhereverItStands(String sql) {
    assertThat(SettingChanges.mayBeIn(sql)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE t SET a = 1",
        "INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1",
        "ALTER TABLE t ALTER a SET NOT NULL",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u ON DELETE SET NULL",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = '' AS $$ SELECT 1 $$",
        "DO $$ BEGIN UPDATE t SET a = 1; END $$",
        "INSERT INTO t VALUES ('it''s a full set')",
        "UPDATE t SET a = '' WHERE b = ''",
        "SELECT 1 -- SET LOCAL app.tenant",
        "SELECT \"reset\", settings, asset FROM sets"
      })
  void isNotSeenWhereNothingIsSet(String sql) {
    assertThat(SettingChanges.mayBeIn(sql)).isFalse();
  }
}
