/** What tests of Spring Boot applications are annotated with. Needs Spring Boot's test modules. */
@NullMarked
package dev.migrator.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
