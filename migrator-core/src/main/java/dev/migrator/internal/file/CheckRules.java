package dev.migrator.internal.file;

import java.util.List;

/**
 * What the check of SQL files looks for beside what a file takes away. The engine looks for none of
 * it, but a file may say that it is allowed.
 */
public final class CheckRules {

  /** By what names a file can allow it. */
  public static final List<String> NAMES =
      List.of(
          "table-rewrite",
          "scan-under-exclusive",
          "index-build-blocking",
          "write-block",
          "parent-lock",
          "lock-queue",
          "concurrent-misuse",
          "breaks-old-code",
          "will-fail",
          "data-loss",
          "unbatched-dml",
          "not-understood",
          "style");

  private CheckRules() {}
}
