package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.CatalogImage;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ContentsIT {

  private static Contents contents(String line, String digest) {
    return new Contents(
        new CatalogImage(new TreeSet<>(List.of("table t", line))), Map.of("t", digest));
  }

  @Test
  void catalogAndRowsAreCompared() {
    Contents one = contents("index a", "2 rows, digest 1");
    assertThat(one.differences(contents("index a", "2 rows, digest 1"))).isEmpty();
    assertThat(one.differences(contents("index b", "2 rows, digest 7")))
        .containsExactly(
            "- index a", "+ index b", "rows of t: 2 rows, digest 1, and 2 rows, digest 7");
  }

  /** It differs in each run, whoever was killed. */
  @Test
  void aNewColumnWithRandomValuesIsNotCompared() {
    String sql =
        "CREATE TABLE t (id int, key uuid DEFAULT gen_random_uuid()); INSERT INTO t VALUES (1), (2)";
    try (TestDatabase one = TestPostgres.newDatabase();
        TestDatabase other = TestPostgres.newDatabase()) {
      Databases.execute(one, sql);
      Databases.execute(other, sql);
      assertThat(Contents.of(one, Set.of()).differences(Contents.of(other, Set.of()))).isEmpty();
      Set<String> old = Contents.columns(one);
      assertThat(Contents.of(one, old).differences(Contents.of(other, old)))
          .singleElement()
          .asString()
          .startsWith("rows of public.t: 2 rows, digest ");
    }
  }
}
