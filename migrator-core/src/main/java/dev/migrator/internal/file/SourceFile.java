package dev.migrator.internal.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A file as it was found. What is large is read when it is needed. */
public final class SourceFile {

  /** What has more bytes is not kept in memory. */
  static final int LARGE = 1 << 20;

  private final String path;

  private final long size;

  private final Content content;

  /**
   * One that is in memory.
   *
   * @param path where it is, for people
   * @param content its bytes
   */
  public SourceFile(String path, byte[] content) {
    this(path, content.length, () -> new ByteArrayInputStream(content));
  }

  private SourceFile(String path, long size, Content content) {
    this.path = path;
    this.size = size;
    this.content = content;
  }

  /**
   * One that is read when it is needed.
   *
   * @param size how many bytes it has
   * @param content opens it, each time that it is read
   */
  static SourceFile large(String path, long size, Content content) {
    return new SourceFile(path, size, content);
  }

  /** Where it is, for people. */
  public String path() {
    return path;
  }

  /** Its bytes. */
  public byte[] content() {
    try (InputStream in = open()) {
      return in.readAllBytes();
    } catch (IOException ex) {
      throw new FileProblem(path, "it cannot be read: " + ex.getMessage());
    }
  }

  long size() {
    return size;
  }

  boolean isLarge() {
    return size > LARGE;
  }

  InputStream open() throws IOException {
    return content.open();
  }

  /** The name without the folders. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return path;
  }

  /** Opens a file. */
  @FunctionalInterface
  interface Content {
    InputStream open() throws IOException;
  }
}
