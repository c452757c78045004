package dev.migrator.sample.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.sample.rollout.Ledger.Entry;
import dev.migrator.sample.rollout.Ledger.Verdict;
import org.junit.jupiter.api.Test;

class LedgerTests {

  private final Ledger names = new Ledger(user -> "User " + user);

  @Test
  void userThatWasNeverWrittenReadsAsLoaded() {
    assertThat(names.judge(7, names.look(7), "User 7")).isEqualTo(Verdict.RIGHT);
    assertThat(names.judge(7, names.look(7), "User 8")).isEqualTo(Verdict.WRONG);
    assertThat(names.judge(7, names.look(7), null)).isEqualTo(Verdict.WRONG);
  }

  @Test
  void onlyTheLastAcknowledgedValueIsRight() {
    write(7, "first");
    write(7, "second");

    assertThat(names.judge(7, names.look(7), "second")).isEqualTo(Verdict.RIGHT);
    assertThat(names.judge(7, names.look(7), "first")).isEqualTo(Verdict.WRONG);
    assertThat(names.judge(7, names.look(7), "User 7")).isEqualTo(Verdict.WRONG);
    assertThat(names.judge(7, names.look(7), null)).isEqualTo(Verdict.WRONG);
  }

  @Test
  void readDuringAWriteIsNotJudged() {
    names.writing(7);

    assertThat(names.judge(7, names.look(7), "User 7")).isEqualTo(Verdict.OVERLAPPED);
    assertThat(names.judge(7, names.look(7), "new")).isEqualTo(Verdict.OVERLAPPED);
  }

  @Test
  void readThatAWriteBeganOrEndedInIsNotJudged() {
    Entry before = names.look(7);
    write(7, "new");
    assertThat(names.judge(7, before, "User 7")).isEqualTo(Verdict.OVERLAPPED);

    Entry first = names.look(7);
    write(7, "new");
    assertThat(names.judge(7, first, "other")).isEqualTo(Verdict.OVERLAPPED);
  }

  @Test
  void writesOfOtherUsersDoNotExcuseAStaleValue() {
    write(7, "new");
    Entry before = names.look(7);
    write(8, "other");

    assertThat(names.judge(7, before, "User 7")).isEqualTo(Verdict.WRONG);
  }

  @Test
  void lostValuesAreFoundAtTheEnd() {
    write(7, "new");
    names.writing(9);

    assertThat(names.judgeAtEnd(7, "new")).isEqualTo(Verdict.RIGHT);
    assertThat(names.judgeAtEnd(7, "User 7")).isEqualTo(Verdict.WRONG);
    assertThat(names.judgeAtEnd(8, null)).isEqualTo(Verdict.WRONG);
    assertThat(names.judgeAtEnd(9, "anything")).isEqualTo(Verdict.OVERLAPPED);
  }

  private void write(long user, String value) {
    names.writing(user);
    names.written(user, value);
  }
}
