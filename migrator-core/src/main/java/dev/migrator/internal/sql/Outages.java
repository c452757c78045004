package dev.migrator.internal.sql;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the parts of one instance say about failures. All of them meet it when the database is away,
 * and only one is to tell it.
 */
public final class Outages {

  private static final Logger logger = LoggerFactory.getLogger(Outages.class);

  private final OutageLog connection =
      new OutageLog(logger, "there is no connection to the database");

  /**
   * Makes one for a part.
   *
   * @param what what fails, as the beginning of a sentence, if it is not the connection
   */
  public OutageLog of(Logger part, String what) {
    return new OutageLog(part, what, connection);
  }
}
