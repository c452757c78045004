/** What tests of a part of an application have beside the auto-configuration. */
@NullMarked
package dev.migrator.autoconfigure.test;

import org.jspecify.annotations.NullMarked;
