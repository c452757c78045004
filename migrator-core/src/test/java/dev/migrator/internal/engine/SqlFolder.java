package dev.migrator.internal.engine;

import dev.migrator.internal.file.SourceFile;
import dev.migrator.internal.file.SqlFiles;
import dev.migrator.operation.SqlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A folder of SQL files. */
final class SqlFolder {

  private final Path folder;

  SqlFolder(Path folder) {
    this.folder = folder;
  }

  SqlFolder write(String name, String sql) {
    try {
      Files.writeString(folder.resolve(name), sql);
      return this;
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  void delete(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  String location() {
    return "file:" + folder;
  }

  /** A file that is in no folder. */
  static SqlFile file(String up, String down) {
    List<SourceFile> files = new ArrayList<>();
    files.add(new SourceFile("20260115_f.sql", up.getBytes(StandardCharsets.UTF_8)));
    files.add(new SourceFile("20260115_f.down.sql", down.getBytes(StandardCharsets.UTF_8)));
    return SqlFiles.parse(files, Map.of()).get(0).file();
  }
}
