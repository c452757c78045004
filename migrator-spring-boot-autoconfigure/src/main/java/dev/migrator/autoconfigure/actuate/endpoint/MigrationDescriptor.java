package dev.migrator.autoconfigure.actuate.endpoint;

import dev.migrator.Phase;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Where one migration stands.
 *
 * @param id its id
 * @param bean the bean that declares it, if this release does
 * @param table the table it changes
 * @param phase the phase it has reached, if any
 * @param declares how far this release's code is ready, if it declares the migration
 * @param state what goes on at present
 * @param since when the phase was reached
 * @param holds why the next step does not run now; empty if nothing holds it
 * @param backfill how far the rows are, once the backfill has begun
 * @param warnings what a person should know before the old side goes; left out where there is none
 * @param steps the steps begun so far, in their order; left out of the list of all migrations
 * @param plan the phases that are left, with what would run; left out of the list of all
 *     migrations, and while the database cannot be asked
 */
public record MigrationDescriptor(
    String id,
    @Nullable String bean,
    String table,
    @Nullable Phase phase,
    @Nullable Phase declares,
    MigrationStatus.State state,
    @Nullable Instant since,
    List<HoldDescriptor> holds,
    @Nullable BackfillDescriptor backfill,
    @Nullable List<String> warnings,
    @Nullable List<StepDescriptor> steps,
    @Nullable List<PlannedPhaseDescriptor> plan)
    implements OperationResponseBody {

  static MigrationDescriptor brief(MigrationStatus status) {
    return of(status, null, null);
  }

  static MigrationDescriptor detailed(MigrationStatus status) {
    return detailed(status, null);
  }

  static MigrationDescriptor detailed(
      MigrationStatus status, @Nullable List<PlannedPhaseDescriptor> plan) {
    return of(status, status.steps().stream().map(StepDescriptor::of).toList(), plan);
  }

  private static MigrationDescriptor of(
      MigrationStatus status,
      @Nullable List<StepDescriptor> steps,
      @Nullable List<PlannedPhaseDescriptor> plan) {
    return new MigrationDescriptor(
        status.id(),
        status.bean(),
        status.table(),
        status.phase(),
        status.declares(),
        status.state(),
        status.since(),
        status.holds().stream().map(HoldDescriptor::of).toList(),
        BackfillDescriptor.of(status.backfill()),
        status.warnings().isEmpty() ? null : status.warnings(),
        steps,
        plan);
  }

  /**
   * Why the next step does not run.
   *
   * @param reason the kind of hold
   * @param code its stable code, such as {@code MIG-6001}
   * @param message what is held and why
   * @param remedy what would release it
   */
  public record HoldDescriptor(Hold.Reason reason, String code, String message, String remedy) {

    static HoldDescriptor of(Hold hold) {
      return new HoldDescriptor(
          hold.reason(), hold.reason().code().code(), hold.message(), hold.remedy());
    }
  }
}
