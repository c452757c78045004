package dev.migrator.autoconfigure.info;

import dev.migrator.Migrator;
import dev.migrator.status.MigrationStatus;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Shows each migration with the phase it has reached, or {@code NONE}. */
class MigratorInfoContributor implements InfoContributor {

  private final List<Migrator> migrators;

  MigratorInfoContributor(Collection<Migrator> migrators) {
    this.migrators = List.copyOf(migrators);
  }

  @Override
  public void contribute(Info.Builder builder) {
    Map<String, Object> phases = new LinkedHashMap<>();
    for (Migrator migrator : migrators) {
      for (MigrationStatus migration : migrator.status().migrations()) {
        phases.put(migration.id(), (migration.phase() != null) ? migration.phase() : "NONE");
      }
    }
    builder.withDetail("migrator", phases);
  }
}
