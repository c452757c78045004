package dev.migrator.test.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been recorded for one file. Several threads, connections and contexts add to it. */
final class Recording {

  /** A generated script is no statement of the application. */
  static final int MOST_LENGTH = 20_000;

  private static final int MOST_STATEMENTS = 5_000;

  private static final Logger logger = LoggerFactory.getLogger(StatementRecorder.class);

  /** Whatever is called by these is not the application. */
  private static final List<String> TOOLS =
      List.of(
          "dev.migrator.internal.",
          "liquibase.",
          "org.flywaydb.",
          "org.hibernate.tool.schema.",
          "org.springframework.jdbc.datasource.init.");

  private static final Map<Path, Recording> ALL = new ConcurrentHashMap<>();

  private final Path file;

  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

  private final AtomicInteger tooLong = new AtomicInteger();

  private final AtomicInteger tooMany = new AtomicInteger();

  private final AtomicInteger withLiterals = new AtomicInteger();

  private volatile boolean changed;

  private Recording(Path file) {
    this.file = file;
  }

  static Recording of(Path file) {
    return ALL.computeIfAbsent(
        file,
        it -> {
          Recording made = new Recording(it);
          Runtime.getRuntime().addShutdownHook(new Thread(made::write, "migrator-recording"));
          return made;
        });
  }

  private record Key(String sql, List<String> keys) {}

  /** Of one statement. */
  private static final class Entry {

    private final List<Set<String>> types = new ArrayList<>();

    private List<@Nullable String> values = List.of();

    /** Returns whether something of it is new. */
    synchronized boolean add(List<String> given, List<@Nullable String> sample) {
      boolean changes = false;
      for (int i = 0; i < given.size(); i++) {
        if (types.size() == i) {
          types.add(new LinkedHashSet<>());
        }
        changes |= types.get(i).add(given.get(i));
      }
      if (values.isEmpty() && !sample.isEmpty()) {
        values = sample;
        changes = true;
      }
      return changes;
    }

    /** Where several were given, it is for the server to say, whichever came first. */
    synchronized RecordedStatement statement(Key key) {
      List<String> one = new ArrayList<>();
      for (Set<String> seen : types) {
        List<String> known =
            seen.stream().filter(it -> !it.equals(RecordedStatement.UNKNOWN)).toList();
        one.add(known.size() == 1 ? known.get(0) : RecordedStatement.UNKNOWN);
      }
      return new RecordedStatement(key.sql(), key.keys(), one, values);
    }
  }

  /**
   * Adds a statement that has succeeded.
   *
   * @param values those of its parameters; empty where none are to be recorded
   */
  void add(String sql, List<String> keys, List<String> types, List<@Nullable String> values) {
    Key key = new Key(sql.strip().replace("\r\n", "\n").replace('\r', '\n'), keys);
    Entry known = entries.get(key);
    if (known == null) {
      if (!isWanted(key.sql())) {
        return;
      }
      known = entries.computeIfAbsent(key, it -> new Entry());
      changed = true;
    }
    if (known.add(types, values)) {
      changed = true;
    }
  }

  /** One without parameters, whose text may hold the values of rows. */
  void addPlain(String sql, List<String> keys, boolean withValues) {
    if (withValues || !new StatementText(sql).hasLiteral()) {
      add(sql, keys, List.of(), List.of());
    } else if (isWanted(sql)) {
      withLiterals.incrementAndGet();
    }
  }

  private boolean isWanted(String sql) {
    if (sql.length() > MOST_LENGTH) {
      tooLong.incrementAndGet();
      return false;
    }
    if (!new StatementText(sql).isOfRows() || isOfTool()) {
      return false;
    }
    if (entries.size() >= MOST_STATEMENTS) {
      tooMany.incrementAndGet();
      return false;
    }
    return true;
  }

  private static boolean isOfTool() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .map(StackWalker.StackFrame::getClassName)
                    .anyMatch(name -> TOOLS.stream().anyMatch(name::startsWith)));
  }

  /** Adds them to what the file has, in turn with other JVMs. */
  synchronized void write() {
    if (!changed) {
      return;
    }
    changed = false;
    try {
      Files.createDirectories(file.getParent());
      Path turn =
          Path.of(System.getProperty("java.io.tmpdir"), "migrator-recording-" + file.hashCode());
      try (FileChannel channel =
              FileChannel.open(turn, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(next, StatementsFile.text(merged()));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException ex) {
      changed = true;
      throw new UncheckedIOException("the statements cannot be written to " + file, ex);
    }
    report(tooLong, "have more than " + MOST_LENGTH + " characters");
    report(tooMany, "came after " + MOST_STATEMENTS + " others");
    report(withLiterals, "have values in their text (withValues() records them)");
  }

  private void report(AtomicInteger number, String why) {
    int left = number.getAndSet(0);
    if (left > 0) {
      logger.info("{}: {} statements are not recorded, as they {}", file, left, why);
    }
  }

  /** Values that the file has stay, so that it changes only where the statements do. */
  private List<RecordedStatement> merged() throws IOException {
    Map<Key, RecordedStatement> all = new ConcurrentHashMap<>();
    if (Files.exists(file)) {
      StatementsFile.read(Files.readString(file), file.toString())
          .forEach(it -> all.put(new Key(it.sql(), it.keys()), it));
    }
    entries.forEach(
        (key, entry) ->
            all.merge(
                key,
                entry.statement(key),
                (old, now) ->
                    new RecordedStatement(
                        now.sql(),
                        now.keys(),
                        now.types(),
                        old.values().size() == now.types().size() ? old.values() : now.values())));
    return List.copyOf(all.values());
  }
}
