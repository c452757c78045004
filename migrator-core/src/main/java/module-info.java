/**
 * The migration engine. Only the public API is exported: everything below {@code
 * dev.migrator.internal} can change in any version.
 *
 * <p>The module is open because Spring JDBC and the codec of the journal create internal records by
 * reflection.
 */
open module dev.migrator.core {
  requires transitive java.sql;
  requires java.management;
  // Spring logs through it, but its jars are automatic modules, which cannot require it.
  requires org.apache.commons.logging;
  requires org.slf4j;
  requires spring.beans;
  requires spring.core;
  requires spring.jdbc;
  requires spring.tx;
  requires tools.jackson.databind;
  // Only where a SQL file has the rows of a COPY.
  requires static org.postgresql.jdbc;
  requires static transitive org.jspecify;

  exports dev.migrator;
  exports dev.migrator.error;
  exports dev.migrator.operation;
  exports dev.migrator.plan;
  exports dev.migrator.settings;
  exports dev.migrator.source;
  exports dev.migrator.status;
}
