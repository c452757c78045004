package dev.migrator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.migrator.moduleprogram.ModuleProgram;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** The engine as a module: what it exports, and that it works on the module path. */
class ModulePathIT {

  private final ModuleDescriptor module =
      ModuleFinder.of(Path.of(locations(Migrator.class)))
          .find(ModuleProgram.MODULE)
          .orElseThrow()
          .descriptor();

  @Test
  void exportsTheApiToAllAndNothingElse() {
    assertThat(module.exports()).allMatch(it -> it.targets().isEmpty());
    assertThat(module.exports())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrderElementsOf(
            module.packages().stream()
                .filter(it -> !it.startsWith("dev.migrator.internal"))
                .toList());
  }

  @Test
  void migratesOnTheModulePath() throws IOException, InterruptedException {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "--module-path",
                  locations(
                      Migrator.class,
                      JdbcTemplate.class,
                      DataAccessException.class,
                      InitializingBean.class,
                      NestedRuntimeException.class,
                      LogFactory.class,
                      Logger.class,
                      JsonMapper.class,
                      JsonParser.class,
                      JsonProperty.class),
                  "--add-modules",
                  ModuleProgram.MODULE,
                  "-cp",
                  locations(ModuleProgram.class, Driver.class),
                  ModuleProgram.class.getName(),
                  database.jdbcUrl(),
                  database.username(),
                  database.password())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output).contains("module dev.migrator.core has reached SWITCH_READ");
    }
  }

  private static String locations(Class<?>... types) {
    return Arrays.stream(types)
        .map(ModulePathIT::location)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException ex) {
      throw new IllegalStateException(ex);
    }
  }
}
