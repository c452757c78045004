package dev.migrator.bookshop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.autoconfigure.test.MigratorTestSliceAutoConfiguration;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.test.autoconfigure.AutoConfigureTestPostgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestContextManager;

/** What tests of parts of an application share, and what one says that has the wrong database. */
@ExtendWith(OutputCaptureExtension.class)
class SlicesIT {

  @Test
  void onAnEmbeddedDatabaseItSaysWhatToDo(CapturedOutput output) {
    assertThatThrownBy(() -> context(OnH2.class))
        .hasStackTraceContaining(UnsupportedDatabaseException.class.getName())
        .hasStackTraceContaining("the database is H2");
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "add @AutoConfigureTestPostgres of migrator-test");
  }

  @Test
  void whatIsOfAnotherTestIsNotFound() {
    assertThat(context(First.class).getBeansOfType(Migration.class)).containsOnlyKeys("bookTitle");
  }

  @Test
  void itCanBeSwitchedOff() {
    assertThat(context(Without.class).getBeansOfType(Migration.class)).isEmpty();
  }

  @Test
  void aConfigurationCanBringTheDatabase() {
    assertThat(Tables.columns(context(Importing.class).getBean(DataSource.class), "book"))
        .contains("id", "title");
  }

  @Test
  void testsOfOneKindShareAContextAndItsDatabase() {
    assertThat(context(First.class)).isSameAs(context(Second.class));
  }

  @Test
  void othersHaveADatabaseOfTheirOwnAndLiveSideBySide() {
    ApplicationContext first = context(First.class);
    ApplicationContext other = context(Other.class);
    assertThat(url(other)).isNotEqualTo(url(first));
    assertThat(name(first)).isEqualTo("bookshop-test");
    assertThat(name(other)).isEqualTo("bookshop-test#2");
    ((ConfigurableApplicationContext) other).close();
    assertThat(Tables.columns(first.getBean(DataSource.class), "book")).contains("id", "title");
  }

  private static ApplicationContext context(Class<?> test) {
    return new TestContextManager(test).getTestContext().getApplicationContext();
  }

  private static String url(ApplicationContext context) {
    try (var connection = context.getBean(DataSource.class).getConnection()) {
      return connection.getMetaData().getURL();
    } catch (java.sql.SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static String name(ApplicationContext context) {
    return context.getBean(Migrator.class).status().fleet().get(0).name();
  }

  @DataJpaTest
  static class OnH2 {}

  @JdbcTest(properties = "migrator.instance-id=bookshop-test")
  @AutoConfigureTestPostgres
  static class First {}

  @Deprecated
  @JdbcTest(properties = "migrator.instance-id=bookshop-test")
  @AutoConfigureTestPostgres
  static class Second {}

  @JdbcTest(properties = {"migrator.instance-id=bookshop-test", "other=true"})
  @AutoConfigureTestPostgres
  static class Other {}

  @JdbcTest(excludeAutoConfiguration = MigratorTestSliceAutoConfiguration.class)
  @AutoConfigureTestPostgres
  static class Without {}

  @JdbcTest
  @Import(LocalDatabase.class)
  static class Importing {}

  @TestConfiguration(proxyBeanMethods = false)
  @AutoConfigureTestPostgres
  static class LocalDatabase {}

  @Configuration(proxyBeanMethods = false)
  static class OfThisTest {

    @Bean
    Migration onlyHere() {
      return Migration.define("only-here").table("book").addColumn("isbn", "text");
    }
  }
}
