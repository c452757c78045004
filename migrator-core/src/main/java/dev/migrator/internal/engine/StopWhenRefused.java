package dev.migrator.internal.engine;

import dev.migrator.FleetListener;
import dev.migrator.internal.engine.step.StopSignal;

/** An instance that must not serve any more does not work for the others either. */
final class StopWhenRefused implements FleetListener {

  private final FleetListener listener;

  private final StopSignal signal;

  StopWhenRefused(FleetListener listener, StopSignal signal) {
    this.listener = listener;
    this.signal = signal;
  }

  @Override
  public void paused(String reason) {
    listener.paused(reason);
  }

  @Override
  public void resumed() {
    listener.resumed();
  }

  @Override
  public void refused(String reason) {
    signal.stop();
    listener.refused(reason);
  }

  @Override
  public void shapesChanged() {
    listener.shapesChanged();
  }
}
