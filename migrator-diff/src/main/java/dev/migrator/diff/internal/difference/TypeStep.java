package dev.migrator.diff.internal.difference;

/** What the server says of the way from the type of a column to the mapped one. */
public enum TypeStep {
  /** It is wider: nothing has to be written anew. */
  WIDER,

  /** The column takes more than is mapped. */
  NARROWER,

  /** It is another one. */
  OTHER
}
