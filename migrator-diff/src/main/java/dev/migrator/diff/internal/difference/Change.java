package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.schema.Index;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.Reference;
import dev.migrator.diff.internal.schema.SchemaTable;
import dev.migrator.diff.internal.schema.TableId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing by which the mapping is ahead of the migrations, and that can be proposed. */
public sealed interface Change {

  /** Why, as people read it. */
  String why();

  /** A table with its keys, without what refers to tables that come later. */
  record AddTable(SchemaTable table, String why) implements Change {}

  /** A column that an insert may leave out. */
  record AddColumn(Place place, String type, String why) implements Change {}

  /** A column with a default, which older releases write by leaving it out. */
  record AddFilledColumn(Place place, String type, String fill, boolean notNull, String why)
      implements Change {}

  /** A column that gets another name. */
  record Rename(Place from, String to, String attribute, String why) implements Change {}

  /** A column whose values take another form, in a new column. */
  record Replace(
      Place from, String to, String type, Intents.Transform transform, String attribute, String why)
      implements Change {}

  /** A column that nothing replaces. */
  record DropColumn(Place place, String why) implements Change {}

  /** A column that may be NULL. */
  record Relax(Place place, String why) implements Change {}

  /** A column that refuses NULL, with what the rows get that have it. */
  record Require(Place place, @Nullable String fill, String why) implements Change {}

  /** A wider type. */
  record Widen(Place place, String type, String why) implements Change {}

  /** A check that refuses what the mapping can write. */
  record DropCheck(TableId table, String name, String why) implements Change {}

  /** A unique constraint. */
  record AddUnique(TableId table, String name, List<String> columns, String why)
      implements Change {}

  /** A foreign key. */
  record AddReference(TableId table, Reference reference, String why) implements Change {}

  /** An index. */
  record AddIndex(TableId table, Index index, String why) implements Change {}

  /** A sequence. */
  record AddSequence(TableId sequence, long increment, String why) implements Change {}

  /** A value of an enum type. */
  record AddLabel(TableId type, String label, String why) implements Change {}
}
