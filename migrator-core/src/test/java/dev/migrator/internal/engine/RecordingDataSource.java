package dev.migrator.internal.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Notes the SQL that is sent without parameters and stays: that of transactions that are committed,
 * and that outside of any.
 */
final class RecordingDataSource extends ProxiedDataSource {

  private final List<String> committed = Collections.synchronizedList(new ArrayList<>());

  private final Map<Connection, List<String>> open =
      Collections.synchronizedMap(new IdentityHashMap<>());

  RecordingDataSource(DataSource dataSource) {
    super(dataSource);
  }

  List<String> committed() {
    return List.copyOf(committed);
  }

  @Override
  @Nullable Object on(Call call) throws Throwable {
    Object result = call.proceed();
    note(call, open.computeIfAbsent(call.connection(), it -> new ArrayList<>()));
    return result;
  }

  private void note(Call call, List<String> statements) throws SQLException {
    if (call.sendsText()) {
      (call.connection().getAutoCommit() ? committed : statements).add(call.sql());
    } else if (call.name().equals("commit")) {
      committed.addAll(statements);
      statements.clear();
    } else if (call.name().equals("rollback")) {
      statements.clear();
    }
  }
}
