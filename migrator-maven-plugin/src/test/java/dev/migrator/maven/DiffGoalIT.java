package dev.migrator.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;

/** The goal diff, run by Maven itself for a project of its own, with the plugin of this build. */
@EnabledIfSystemProperty(named = "migrator.test.maven", matches = ".+")
@DisabledOnOs(OS.WINDOWS) // links
class DiffGoalIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Path PROJECT = Path.of("target", "project").toAbsolutePath();

  private static final long LIMIT_MINUTES = 5;

  private String version = "";

  private Path repository = PROJECT;

  @BeforeEach
  void project() throws IOException {
    String parent = Files.readString(ROOT.resolve("pom.xml"));
    version = found(parent, "<artifactId>migrator-parent</artifactId>\\s*<version>(.+?)</version>");
    Path local = Path.of(System.getProperty("migrator.test.repository"));
    repository =
        ReactorRepository.make(
            Path.of("target", "repository").toAbsolutePath(), local, ROOT, version);
    write(
        "pom.xml",
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.shop</groupId>
          <artifactId>shop</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <dependencyManagement>
            <dependencies>
              <dependency>
                <groupId>dev.migrator</groupId>
                <artifactId>migrator-parent</artifactId>
                <version>%1$s</version>
                <type>pom</type>
                <scope>import</scope>
              </dependency>
            </dependencies>
          </dependencyManagement>
          <dependencies>
            <dependency>
              <groupId>dev.migrator</groupId>
              <artifactId>migrator-spring-boot-starter</artifactId>
            </dependency>
            <dependency>
              <groupId>org.springframework.boot</groupId>
              <artifactId>spring-boot-starter-data-jpa</artifactId>
            </dependency>
            <dependency>
              <groupId>dev.migrator</groupId>
              <artifactId>migrator-diff</artifactId>
              <scope>test</scope>
            </dependency>
          </dependencies>
          <build>
            <plugins>
              <plugin>
                <artifactId>maven-resources-plugin</artifactId>
                <version>%2$s</version>
              </plugin>
              <plugin>
                <artifactId>maven-compiler-plugin</artifactId>
                <version>%3$s</version>
              </plugin>
            </plugins>
          </build>
        </project>
        """
            .formatted(
                version,
                plugin(parent, "maven-resources-plugin"),
                plugin(parent, "maven-compiler-plugin")));
    write(
        "src/main/java/com/shop/ShopApplication.java",
        """
        package com.shop;

        import jakarta.persistence.Entity;
        import jakarta.persistence.Id;
        import jakarta.persistence.Table;
        import org.springframework.boot.SpringApplication;
        import org.springframework.boot.autoconfigure.SpringBootApplication;

        @SpringBootApplication
        public class ShopApplication {

          public static void main(String[] args) {
            SpringApplication.run(ShopApplication.class, args);
          }

          @Entity
          @Table(name = "customers")
          static class Customer {

            @Id Long id;

            String email;
          }
        }
        """);
    write(
        "src/main/resources/db/migrator/20261101_customers.sql",
        "CREATE TABLE customers (id bigint PRIMARY KEY);");
  }

  private static String found(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(1);
  }

  private static String plugin(String parent, String name) {
    return found(parent, "<artifactId>%s</artifactId>\\s*<version>(.+?)</version>".formatted(name));
  }

  private static void write(String name, String text) throws IOException {
    Path file = PROJECT.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aMappingThatIsAheadFailsTheBuildUntilItIsAnswered() throws Exception {
    Path output = PROJECT.resolve("target/Migrations.kt");
    Run ahead = maven("-Dmigrator.diff.output=" + output, "-Dmigrator.diff.format=kotlin");
    assertThat(ahead.code()).as(ahead.log()).isEqualTo(1);
    assertThat(ahead.log())
        .contains(
            "[ERROR] Missing migrations: 1.",
            ".addColumn(\"email\", \"varchar(255)\")",
            "the mapping is ahead of the migrations");
    assertThat(output).content().contains("fun customersEmail(): Migration =");
    Run answered = maven("-Dmigrator.diff.answers=leave=customers.email");
    assertThat(answered.code()).as(answered.log()).isZero();
    assertThat(answered.log()).contains("The migrations make everything that is mapped.");
  }

  private record Run(int code, String log) {}

  /**
   * Offline: the build that runs this test has resolved all that is needed, perhaps from a mirror
   * that only its own settings name. So where it came from is not asked.
   */
  private Run maven(String... options) throws Exception {
    Path log = PROJECT.resolve("maven.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("migrator.test.maven"), "bin", "mvn").toString(),
                "-B",
                "-ntp",
                "-o",
                "-Dstyle.color=never",
                "-Daether.enhancedLocalRepository.trackingFilename=none",
                "-Dmaven.repo.local=" + repository));
    command.addAll(List.of(options));
    command.add("dev.migrator:migrator-maven-plugin:%s:diff".formatted(version));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(PROJECT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("MAVEN_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).as("it ended").isTrue();
      return new Run(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
