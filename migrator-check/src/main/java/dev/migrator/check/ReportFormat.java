package dev.migrator.check;

/** How a report is written. */
public enum ReportFormat {

  /** For people. */
  TEXT {
    @Override
    public String write(CheckReport report) {
      return TextFormat.write(report);
    }
  },

  /** For programs. */
  JSON {
    @Override
    public String write(CheckReport report) {
      return JsonFormat.write(report);
    }
  },

  /** SARIF 2.1.0, which code scanning understands. */
  SARIF {
    @Override
    public String write(CheckReport report) {
      return SarifFormat.write(report);
    }
  },

  /** Annotations of GitHub Actions, as lines of a log. */
  GITHUB {
    @Override
    public String write(CheckReport report) {
      return GitHubFormat.write(report);
    }
  },

  /** A report of GitLab's Code Quality. */
  GITLAB {
    @Override
    public String write(CheckReport report) {
      return GitLabFormat.write(report);
    }
  };

  /**
   * Writes a report.
   *
   * @return the text, without an end of line
   */
  public abstract String write(CheckReport report);
}
