package dev.migrator.postgres;

/** A recipe with everything the catalog adds to its declaration, and the SQL made from that. */
public sealed interface ResolvedRecipe
    permits CheckRecipe,
        ForeignKeyRecipe,
        IndexDropRecipe,
        IndexRecipe,
        NotNullRecipe,
        UniqueRecipe {

  /** The table as it is. */
  TableFacts table();
}
