/**
 * PostgreSQL databases for tests.
 *
 * <p>{@link dev.migrator.test.TestPostgres} gives every test a database of its own on a server that
 * all tests of a JVM share; {@link dev.migrator.test.TestServer} is a server with settings of its
 * own.
 */
@NullMarked
package dev.migrator.test;

import org.jspecify.annotations.NullMarked;
