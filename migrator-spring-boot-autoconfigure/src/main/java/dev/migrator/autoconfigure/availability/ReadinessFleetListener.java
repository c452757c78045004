package dev.migrator.autoconfigure.availability;

import dev.migrator.FleetListener;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;

/**
 * Keeps the application from accepting traffic while this instance must not serve.
 *
 * <p>The readiness that others publish is remembered and applies again when this instance may
 * serve: an application that has not accepted traffic yet, shuts down, or was taken out of service
 * by others does not become ready here.
 */
class ReadinessFleetListener
    implements FleetListener, ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

  private final ApplicationEventPublisher publisher;

  private boolean othersAccept;

  private boolean mayServe = true;

  private boolean refused;

  ReadinessFleetListener(ApplicationEventPublisher publisher) {
    this.publisher = publisher;
  }

  @Override
  public synchronized void paused(String reason) {
    mayServe = false;
    if (othersAccept) {
      publish(ReadinessState.REFUSING_TRAFFIC);
    }
  }

  @Override
  public synchronized void resumed() {
    if (refused) {
      return;
    }
    mayServe = true;
    if (othersAccept) {
      publish(ReadinessState.ACCEPTING_TRAFFIC);
    }
  }

  @Override
  public synchronized void refused(String reason) {
    refused = true;
    paused(reason);
  }

  @Override
  public synchronized void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
    if (event.getSource() == this) {
      return;
    }
    othersAccept = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
    if (othersAccept && !mayServe) {
      publish(ReadinessState.REFUSING_TRAFFIC);
    }
  }

  private void publish(ReadinessState state) {
    AvailabilityChangeEvent.publish(publisher, this, state);
  }
}
