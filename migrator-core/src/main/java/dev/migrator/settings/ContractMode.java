package dev.migrator.settings;

import dev.migrator.OperatorCommand;

/** What CONTRACT waits for, beside the instances that still need the old side. */
public enum ContractMode {

  /** Nothing else: CONTRACT runs as soon as no live instance needs the old side any longer. */
  AUTO,

  /**
   * An operator's {@link OperatorCommand#CONTRACT}, or the id in {@link
   * ContractSettings#approved()}; and still no live instance that needs the old side.
   */
  MANUAL,

  /** CONTRACT does not run. */
  OFF
}
