package dev.migrator.benchmarks;

import java.util.List;
import java.util.function.Consumer;

/** Runs all of them briefly, and prints one table of what they are to reach and have reached. */
public final class AllBenchmark {

  /** A program and its options. */
  private record Program(String name, Consumer<String[]> main, String options) {}

  private static final List<Program> PROGRAMS =
      List.of(
          new Program("WriteCost", WriteCostBenchmark::main, "10000,9,1000"),
          new Program("Fresh", FreshBenchmark::main, "3,200"),
          new Program("Backfill", BackfillBenchmark::main, "100000,3"),
          new Program("Start", StartBenchmark::main, "3,200"),
          new Program("Blocker", BlockerBenchmark::main, "10,2"),
          new Program("Takeover", TakeoverBenchmark::main, "300000,1"),
          new Program("Latency", LatencyBenchmark::main, "300000,2,8"),
          new Program("Status", StatusBenchmark::main, "10,200,200"),
          new Program("Estimate", EstimateBenchmark::main, "100000,300000"));

  private AllBenchmark() {}

  /**
   * Runs them.
   *
   * @param args nothing
   */
  public static void main(String[] args) {
    for (Program program : PROGRAMS) {
      System.out.printf("== %s %s%n", program.name(), program.options());
      program.main().accept(new String[] {program.options()});
    }
    System.out.println(Report.table());
  }
}
