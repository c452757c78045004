package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.check.internal.read.QualifiedName;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the text of a statement tells of its locks. It claims nothing that it does not know: what
 * depends on the catalog is said to be unsure.
 *
 * @param claims one for each table
 * @param unsure what cannot be told; {@code null} if nothing
 */
public record Claims(List<Claim> claims, @Nullable String unsure) {

  public Claims {
    claims = List.copyOf(claims);
  }

  /**
   * Of a table.
   *
   * @param table its name
   * @param role what it is to the statement
   * @param lock its lock
   * @param work what is done under it, at most
   */
  public record Claim(QualifiedName table, Touch.Role role, LockMode lock, Work work) {}

  /** That of the table that the statement is about; {@code null} if there is none. */
  @Nullable Claim target() {
    return claims.isEmpty() ? null : claims.get(0);
  }

  /** Reads them off a statement. */
  static Claims of(Parsed parsed, TextSchema schema, int version) {
    QualifiedName table = parsed.table();
    return switch (parsed.kind()) {
      case ALTER_TABLE ->
          table == null
              ? notUnderstood()
              : AlterClaims.of(table, parsed.actions(), schema, version);
      case CREATE_INDEX ->
          table != null && schema.isPartitioned(table) && !parsed.has(Mark.ONLY)
              ? new Claims(
                  one(table, LockMode.SHARE, Work.BUILD).claims(),
                  "its partitions are locked as well")
              : parsed.has(Mark.ONLY)
                  ? one(table, LockMode.SHARE, Work.NOTHING)
                  : parsed.has(Mark.OPTIONAL)
                      ? new Claims(
                          one(table, LockMode.SHARE, Work.BUILD).claims(),
                          "an index of that name may be there already")
                      : one(table, LockMode.SHARE, Work.BUILD);
      case CREATE_INDEX_CONCURRENTLY -> one(table, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.BUILD);
      case DROP_INDEX -> ofIndex(parsed, schema, LockMode.ACCESS_EXCLUSIVE, Work.NOTHING);
      case DROP_INDEX_CONCURRENTLY ->
          ofIndex(parsed, schema, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.NOTHING);
      case REINDEX ->
          "TABLE".equals(parsed.name())
              ? one(table, LockMode.SHARE, Work.BUILD)
              : ofIndex(parsed, schema, LockMode.SHARE, Work.BUILD);
      case REINDEX_CONCURRENTLY ->
          "TABLE".equals(parsed.name())
              ? one(table, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.BUILD)
              : ofIndex(parsed, schema, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.BUILD);
      case TRUNCATE -> {
        Claims all = all(parsed, LockMode.ACCESS_EXCLUSIVE);
        yield parsed.has(Mark.CASCADE)
            ? new Claims(all.claims(), "which tables CASCADE reaches depends on the catalog")
            : all;
      }
      case DROP_TABLE -> {
        Claims all = all(parsed, LockMode.ACCESS_EXCLUSIVE);
        yield new Claims(all.claims(), "which tables its foreign keys lock depends on the catalog");
      }
      case LOCK_TABLE -> all(parsed, Objects.requireNonNull(parsed.lock()));
      case CREATE_TRIGGER -> one(table, LockMode.SHARE_ROW_EXCLUSIVE, Work.NOTHING);
      case ALTER_TRIGGER, DROP_TRIGGER, CREATE_RULE, DROP_RULE ->
          one(table, LockMode.ACCESS_EXCLUSIVE, Work.NOTHING);
      case CREATE_POLICY, ALTER_POLICY, DROP_POLICY ->
          one(table, LockMode.ACCESS_EXCLUSIVE, Work.NOTHING);
      case DROP_VIEW, ALTER_VIEW, DROP_MATERIALIZED_VIEW, ALTER_MATERIALIZED_VIEW ->
          one(table, LockMode.ACCESS_EXCLUSIVE, Work.NOTHING);
      case REFRESH -> one(table, LockMode.ACCESS_EXCLUSIVE, Work.REWRITE);
      case REFRESH_CONCURRENTLY -> one(table, LockMode.EXCLUSIVE, Work.SCAN);
      case VACUUM_FULL -> one(table, LockMode.ACCESS_EXCLUSIVE, Work.REWRITE);
      case VACUUM -> one(table, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.NOTHING);
      case CLUSTER -> one(table, LockMode.ACCESS_EXCLUSIVE, Work.REWRITE);
      case ANALYZE -> one(table, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.NOTHING);
      case COMMENT ->
          table == null
              ? new Claims(List.of(), null)
              : one(table, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.NOTHING);
      case CREATE_STATISTICS -> one(table, LockMode.SHARE_UPDATE_EXCLUSIVE, Work.NOTHING);
      case CREATE_PARTITION ->
          new Claims(
              others(parsed, LockMode.ACCESS_EXCLUSIVE),
              "a default partition would be read as a whole");
      case CREATE_TABLE -> new Claims(others(parsed, LockMode.SHARE_ROW_EXCLUSIVE), null);
      case UPDATE, DELETE, MERGE -> one(table, LockMode.ROW_EXCLUSIVE, Work.NOTHING);
      case INSERT, COPY, SELECT, GRANT, SET, TRANSACTION -> new Claims(List.of(), null);
      case CREATE_VIEW ->
          parsed.has(Mark.REPLACE)
              ? new Claims(
                  one(table, LockMode.ACCESS_EXCLUSIVE, Work.NOTHING).claims(),
                  "the view is locked if it is there already")
              : new Claims(List.of(), null);
      case CREATE_TABLE_AS, CREATE_MATERIALIZED_VIEW, CREATE_FUNCTION ->
          new Claims(List.of(), null);
      case CREATE_TYPE, CREATE_DOMAIN, CREATE_SCHEMA, CREATE_SEQUENCE, CREATE_EXTENSION ->
          new Claims(List.of(), null);
      case CREATE_OTHER, ALTER_TYPE, ALTER_FUNCTION, ALTER_SEQUENCE, REVOKE, ALTER_SCHEMA ->
          new Claims(List.of(), null);
      case ALTER_INDEX -> new Claims(List.of(), "which table an index belongs to is not known");
      case ALTER_DOMAIN ->
          parsed.has(Mark.NOT_VALID)
              ? new Claims(List.of(), null)
              : new Claims(List.of(), "which tables use the domain depends on the catalog");
      case DROP_TYPE, DROP_DOMAIN, DROP_SCHEMA, DROP_FUNCTION, DROP_SEQUENCE ->
          parsed.has(Mark.CASCADE)
              ? new Claims(List.of(), "what CASCADE reaches depends on the catalog")
              : new Claims(List.of(), null);
      case DROP_OTHER, DROP_OWNED, DROP_DATABASE, DO, OTHER -> notUnderstood();
    };
  }

  private static Claims notUnderstood() {
    return new Claims(List.of(), "this kind of statement was not understood");
  }

  static Claims one(@Nullable QualifiedName table, LockMode lock, Work work) {
    return (table == null)
        ? new Claims(List.of(), "which table it is about does not stand there")
        : new Claims(List.of(new Claim(table, Touch.Role.TARGET, lock, work)), null);
  }

  private static Claims ofIndex(Parsed parsed, TextSchema schema, LockMode lock, Work work) {
    QualifiedName table = schema.tableOf(parsed.table());
    return (table == null)
        ? new Claims(List.of(), "which table the index belongs to depends on the catalog")
        : one(table, lock, work);
  }

  private static Claims all(Parsed parsed, LockMode lock) {
    List<Claim> claims = new ArrayList<>();
    for (QualifiedName it : Names.targets(parsed)) {
      claims.add(new Claim(it, Touch.Role.TARGET, lock, Work.NOTHING));
    }
    return new Claims(claims, null);
  }

  private static List<Claim> others(Parsed parsed, LockMode lock) {
    return parsed.others().stream()
        .map(it -> new Claim(it, Touch.Role.OTHER, lock, Work.NOTHING))
        .toList();
  }
}
