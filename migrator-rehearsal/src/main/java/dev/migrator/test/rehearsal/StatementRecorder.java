package dev.migrator.test.rehearsal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Records the statements that the tests of a release send, in a file that is committed with them
 * and that the rehearsals of later releases run. As a bean it wraps each {@code DataSource} of a
 * test's application:
 *
 * <pre>{@code
 * @TestConfiguration
 * class Recording {
 *   @Bean
 *   static StatementRecorder statementRecorder() {
 *     return StatementRecorder.to(Path.of("src/test/statements/shop.txt"));
 *   }
 * }
 * }</pre>
 *
 * <p>What is recorded: each statement that reads or writes rows and that has succeeded, once, with
 * the types of its parameters. Left out is what this library sends, Liquibase, Flyway, Hibernate's
 * schema tool and scripts of Spring; calls of procedures; statements over {@value
 * Recording#MOST_LENGTH} characters; and, unless {@link #withValues} is called, those without
 * parameters that have values in their text. The log says how many.
 *
 * <p>The file is written when it is closed and at the end of the JVM. Statements are added to those
 * that it has, so that one test alone takes none away; delete it to record anew.
 */
public final class StatementRecorder implements BeanPostProcessor, AutoCloseable {

  private final Path file;

  private final boolean values;

  private StatementRecorder(Path file, boolean values) {
    this.file = file;
    this.values = values;
  }

  /**
   * Records to a file.
   *
   * @param file made with its folder if it is not there; all recorders of one file in one JVM are
   *     one, and several JVMs take turns
   * @return one that records no values
   */
  public static StatementRecorder to(Path file) {
    return new StatementRecorder(file.toAbsolutePath().normalize(), false);
  }

  /**
   * Has a value of each parameter recorded, too, the first that comes: for tests whose rows are
   * made up. A rehearsal then runs the statements with them.
   *
   * @return another recorder
   */
  public StatementRecorder withValues() {
    return new StatementRecorder(file, true);
  }

  /**
   * Wraps a data source.
   *
   * @param dataSource of the application under test
   * @return one that records what goes through it; what it wraps is reached by {@code unwrap}
   */
  public DataSource wrap(DataSource dataSource) {
    return new Recorded(dataSource, Recording.of(file), values);
  }

  /** Wraps each data source. */
  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    return (bean instanceof DataSource it && !(bean instanceof Recorded)) ? wrap(it) : bean;
  }

  /**
   * Writes the file. Recording goes on.
   *
   * @throws java.io.UncheckedIOException if that is not possible
   */
  @Override
  public void close() {
    Recording.of(file).write();
  }

  /** What it wraps is closed by whoever has made it. */
  private static final class Recorded extends DelegatingDataSource {

    private final DataSource target;

    private final Recording recording;

    private final boolean values;

    Recorded(DataSource target, Recording recording, boolean values) {
      super(target);
      this.target = target;
      this.recording = recording;
      this.values = values;
    }

    @Override
    public Connection getConnection() throws SQLException {
      return RecordedConnection.of(target.getConnection(), recording, values);
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
      return RecordedConnection.of(target.getConnection(username, password), recording, values);
    }
  }
}
