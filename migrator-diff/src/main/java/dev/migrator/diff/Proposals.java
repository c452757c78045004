package dev.migrator.diff;

import dev.migrator.diff.internal.difference.Change;
import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.TableId;
import dev.migrator.source.BeanLanguage;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says changes as sequences of releases. */
final class Proposals {

  /** What nothing more has to be said of. */
  private static final String DECLARES = "declares it";

  private final LocalDate today;

  private final BeanLanguage language;

  private final Set<String> ids = new HashSet<>();

  Proposals(LocalDate today, BeanLanguage language) {
    this.today = today;
    this.language = language;
  }

  List<ProposedMigration> of(List<Change> changes) {
    return changes.stream().map(this::of).toList();
  }

  private ProposedMigration of(Change change) {
    if (change instanceof Change.AddTable it) {
      return one(
          it,
          id(it.table().id().text()),
          new TableSource(language).chain(it.table()),
          SqlSource.of(it));
    } else if (change instanceof Change.AddColumn it) {
      return one(
          it,
          id(it.place().text()),
          List.of(
              table(it.place().table()),
              ".addColumn(%s, %s)".formatted(string(it.place().column()), string(it.type()))),
          SqlSource.of(it));
    } else if (change instanceof Change.AddSequence it) {
      return sql(it, id(it.sequence().text()), SqlSource.of(it));
    } else if (change instanceof Change.AddLabel it) {
      return sql(it, id(it.type().text() + "-" + it.label()), SqlSource.of(it));
    }
    return ofColumn(change);
  }

  private ProposedMigration ofColumn(Change change) {
    if (change instanceof Change.Rename it) {
      return rename(it);
    } else if (change instanceof Change.Replace it) {
      return replace(it);
    } else if (change instanceof Change.Require it) {
      return require(it);
    } else if (change instanceof Change.DropColumn it) {
      return single(
          it,
          it.place(),
          "no longer knows the column. When it starts, inserts may leave the column out; it is dropped last, when no running release needs it and the retention time is over",
          ".dropColumn(%s)".formatted(string(it.place().column())));
    } else if (change instanceof Change.Relax it) {
      return single(
          it,
          it.place(),
          "may leave the column out. Older releases may read NULL from then on",
          ".dropNotNull(%s)".formatted(string(it.place().column())));
    } else if (change instanceof Change.Widen it) {
      return single(
          it,
          it.place(),
          "serves when the type is there; older releases then read what is longer",
          ".changeType(%s, %s)".formatted(string(it.place().column()), string(it.type())));
    } else if (change instanceof Change.AddFilledColumn it) {
      return single(
          it,
          it.place(),
          "writes the column; rows that are there, and those of older releases, get the default",
          ".addColumn(%s, %s, %s)"
              .formatted(
                  string(it.place().column()),
                  string(it.type()),
                  language.function(
                      ".defaultValue(%s)%s"
                          .formatted(string(it.fill()), it.notNull() ? ".notNull()" : ""))));
    }
    return ofConstraint(change);
  }

  private ProposedMigration ofConstraint(Change change) {
    String keeps = DECLARES + "; every release that runs must keep to it already";
    if (change instanceof Change.DropCheck it) {
      return single(
          it,
          new Place(it.table(), it.name()),
          "can read what is new, and writes none of it yet: older releases could not read it. The next release writes it, and adds a check again by addCheck(…) if one is wanted",
          ".dropCheck(%s)".formatted(string(it.name())));
    } else if (change instanceof Change.AddUnique it) {
      return single(
          it,
          new Place(it.table(), it.name()),
          keeps,
          ".addUnique(%s, %s)".formatted(string(it.name()), language.strings(it.columns())));
    } else if (change instanceof Change.AddReference it) {
      List<String> chain = new ArrayList<>(List.of(table(it.table())));
      chain.addAll(new TableSource(language).reference(".addForeignKey", it.reference()));
      return several(
          it,
          id(new Place(it.table(), it.reference().name()).text()),
          List.of(release(keeps, chain)));
    } else if (change instanceof Change.AddIndex it) {
      return single(
          it,
          new Place(it.table(), it.index().name()),
          DECLARES,
          ".addIndex(%s)".formatted(string(it.index().name())),
          ".on(%s)".formatted(language.strings(it.index().columns())));
    }
    throw new IllegalArgumentException("a change of an unknown kind: " + change);
  }

  private ProposedMigration rename(Change.Rename it) {
    String rename = ".renameColumn(%s, %s)".formatted(string(it.from().column()), string(it.to()));
    String drop = ".dropColumn(%s)".formatted(string(it.from().column()));
    String table = table(it.from().table());
    return several(
        it,
        id(it.from().table().text() + "-" + it.to()),
        List.of(
            release(
                "keeps the mapping, by @Column(name = %s) on %s, and declares it"
                    .formatted(string(annotated(it.from().column())), it.attribute()),
                List.of(table, rename)),
            release(
                "takes that annotation away, and appends .switchRead()",
                List.of(table, rename, ".switchRead()")),
            release("appends " + drop, List.of(table, rename, ".switchRead()", drop))));
  }

  private ProposedMigration replace(Change.Replace it) {
    String from = it.from().column();
    List<String> begin =
        List.of(
            table(it.from().table()),
            ".addColumn(%s, %s)".formatted(string(it.to()), string(it.type())),
            ".dualWrite(",
            "    Sync.of(%s)".formatted(string(from)),
            "        .with(%s)".formatted(string(it.to())),
            "        .compute(%s, %s)"
                .formatted(string(it.to()), string(String.valueOf(it.transform().forward()))),
            "        .compute(%s, %s))"
                .formatted(string(from), string(String.valueOf(it.transform().backward()))),
            ".backfill()");
    String drop = ".dropColumn(%s)".formatted(string(from));
    return several(
        it,
        id(it.from().table().text() + "-" + it.to()),
        List.of(
            release(
                "keeps the mapping of %s as it was, and declares it".formatted(it.attribute()),
                begin),
            release(
                "maps %s to the new column, by @Column(name = %s), and appends .switchRead()"
                    .formatted(it.attribute(), string(annotated(it.to()))),
                with(begin, ".switchRead()")),
            release("appends " + drop, with(with(begin, ".switchRead()"), drop))));
  }

  private ProposedMigration require(Change.Require it) {
    List<String> begin =
        List.of(
            table(it.place().table()), ".setNotNull(%s)".formatted(string(it.place().column())));
    String id = id(it.place().text() + "-not-null");
    if (it.fill() == null) {
      return several(
          it, id, List.of(release(DECLARES + "; no release that runs may write NULL", begin)));
    }
    List<String> filling = with(begin, ".fillNullsWith(%s)".formatted(string(it.fill())));
    return several(
        it,
        id,
        List.of(
            release(DECLARES + ", whether it still writes NULL or not", filling),
            release(
                "never writes NULL, and appends .stopFilling()", with(filling, ".stopFilling()"))));
  }

  /** What a person would have to write to have this column. */
  private static String annotated(String column) {
    return column.equals(column.toLowerCase(Locale.ROOT)) ? column : "`" + column + "`";
  }

  private static List<String> with(List<String> chain, String verb) {
    List<String> all = new ArrayList<>(chain);
    all.add(verb);
    return List.copyOf(all);
  }

  private record Release(String code, List<String> chain) {}

  private static Release release(String code, List<String> chain) {
    return new Release(code, chain);
  }

  private ProposedMigration single(Change change, Place place, String code, String... verbs) {
    List<String> chain = new ArrayList<>(List.of(table(place.table())));
    chain.addAll(List.of(verbs));
    return several(change, id(place.text()), List.of(release(code, chain)));
  }

  private ProposedMigration several(Change change, String id, List<Release> releases) {
    return new ProposedMigration(
        id,
        change.why(),
        releases.stream()
            .map(it -> new ProposedRelease(it.code(), language.bean(id, it.chain())))
            .toList(),
        null,
        null);
  }

  private ProposedMigration one(Change change, String id, List<String> chain, SqlSource sql) {
    return new ProposedMigration(
        id,
        change.why(),
        List.of(new ProposedRelease(DECLARES, language.bean(id, chain))),
        sql.up(),
        sql.down());
  }

  private ProposedMigration sql(Change change, String id, SqlSource sql) {
    return one(
        change,
        id,
        List.of(
            ".sql(%s)".formatted(string(sql.up())),
            (sql.down() == null)
                ? ".withoutUndo(\"it only adds\")"
                : ".undo(%s)".formatted(string(sql.down()))),
        sql);
  }

  private String table(TableId table) {
    return table.schema().isEmpty()
        ? ".table(%s)".formatted(string(table.name()))
        : ".table(%s, %s)".formatted(string(table.schema()), string(table.name()));
  }

  private String id(String what) {
    String id = BeanLanguage.id(today, what);
    String free = id;
    for (int i = 2; !ids.add(free); i++) {
      free = id + "-" + i;
    }
    return free;
  }

  private String string(String text) {
    return language.string(text);
  }
}
