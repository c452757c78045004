package dev.migrator.internal.plan;

/**
 * Who writes the old side of a change that the application keeps in step. With triggers it does not
 * matter: they write it for everybody.
 */
public enum OldSide {

  /** Every release that may serve. */
  KEPT,

  /** A release may serve that writes the new side only, and none that reads the old one. */
  RELEASED,

  /**
   * Every release that may serve, again; it is being brought up to date, so none that reads it may.
   */
  RETURNING
}
