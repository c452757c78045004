/**
 * The whole change in one deploy, right over release 1: the code asks at each read which column to
 * use. So it serves at once, beside release 1, and turns by itself when the new column is proved.
 * (Release 4 can be deployed over release 1, too; it then starts to serve when the proof is there.)
 */
@NullMarked
package dev.migrator.sample.release5;

import org.jspecify.annotations.NullMarked;
