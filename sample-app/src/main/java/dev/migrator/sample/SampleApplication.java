package dev.migrator.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The users service, in the release that {@code sample.release} names. */
@SpringBootApplication
public class SampleApplication {

  /**
   * Runs the service.
   *
   * @param arguments what Spring Boot understands, such as {@code --sample.release=2}
   */
  public static void main(String... arguments) {
    SpringApplication.run(SampleApplication.class, arguments);
  }
}
