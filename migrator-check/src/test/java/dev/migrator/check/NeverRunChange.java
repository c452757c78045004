package dev.migrator.check;

import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.exception.ValidationErrors;
import liquibase.resource.ResourceAccessor;

/** Whoever reads a changelog does not run what it names. */
public final class NeverRunChange implements CustomTaskChange {

  static boolean ran;

  @Override
  public void execute(Database database) {
    ran = true;
  }

  @Override
  public String getConfirmationMessage() {
    return "";
  }

  @Override
  public void setUp() {}

  @Override
  public void setFileOpener(ResourceAccessor resources) {}

  @Override
  public ValidationErrors validate(Database database) {
    return new ValidationErrors();
  }
}
