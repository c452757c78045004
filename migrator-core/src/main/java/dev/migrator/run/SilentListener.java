package dev.migrator.run;

import dev.migrator.FleetListener;

/** For those who ask {@link dev.migrator.Migrator#mayServe()} instead. */
final class SilentListener implements FleetListener {

  @Override
  public void paused(String reason) {}

  @Override
  public void resumed() {}

  @Override
  public void refused(String reason) {}
}
