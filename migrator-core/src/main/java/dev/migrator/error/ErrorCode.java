package dev.migrator.error;

/**
 * The stable code of every refusal, failure and hold. A message begins with it, endpoint and log
 * show it, and {@code docs/errors.md} has its cause and the way on. Later versions may add some; a
 * code never gets a second meaning.
 *
 * <pre>{@code
 * try {
 *   migrator.execute("2026-11-22-users-full-name", OperatorCommand.RETRY);
 * } catch (CommandRefusedException ex) {
 *   if (ex.errorCode() == ErrorCode.NOTHING_TO_RELEASE) {
 *     …
 *   }
 * }
 * }</pre>
 */
public enum ErrorCode {

  /** A name is empty, too long, or contains NUL. */
  NAME_INVALID("MIG-1001"),
  /** The id of a migration is empty, too long, or has characters that cannot stand in a URL. */
  ID_INVALID("MIG-1002"),
  /** Two beans have the same migration id. */
  ID_TAKEN("MIG-1003"),
  /** An expression or a type is not exactly one expression. */
  EXPRESSION_MALFORMED("MIG-1004"),
  /** The SQL of sql(…) or undo(…) cannot be run by the engine. */
  SQL_NOT_POSSIBLE("MIG-1005"),
  /** A column, a transform or a constraint is named twice. */
  NAMED_TWICE("MIG-1006"),
  /** A type, an expression or a reason is empty. */
  TEXT_MISSING("MIG-1007"),
  /** Two options of a declaration contradict each other. */
  OPTIONS_CONTRADICT("MIG-1008"),
  /** A new column is NOT NULL, and nothing fills it. */
  NOT_NULL_WITHOUT_DEFAULT("MIG-1009"),
  /** Something names a column that the declaration does not have. */
  COLUMN_NOT_DECLARED("MIG-1010"),
  /** dualWrite names other columns than addColumn or dropColumn. */
  SIDES_DIFFER("MIG-1011"),
  /** A change of several columns lacks a transform. */
  TRANSFORM_MISSING("MIG-1012"),
  /** A foreign key has another number of columns than it refers to. */
  KEY_COLUMNS_DIFFER("MIG-1013"),
  /** A release that drops the old side must not switch its reads at run time. */
  SWITCH_AT_RUNTIME_TOO_LATE("MIG-1014"),
  /** The release declares a drop of something that it still maps. */
  MAPPED_BUT_DROPPED("MIG-1015"),
  /** A phase is declared differently than it ran. */
  CHANGED_AFTER_RUN("MIG-1016"),
  /** Operations of one migration would copy rows in several tables. */
  SEVERAL_TABLES_COPIED("MIG-1017"),
  /** SQL files cannot be run as they are. */
  FILE_INVALID("MIG-1018"),
  /** A SQL file was changed after it ran. */
  FILE_CHANGED("MIG-1019"),
  /** A SQL file that has run is missing. */
  FILE_MISSING("MIG-1020"),
  /** A SQL file sorts before one that has run. */
  FILE_LATE("MIG-1021"),
  /** A SQL file has no way back, and needs one. */
  FILE_WITHOUT_DOWN("MIG-1022"),
  /** A change of a Liquibase changelog says something that is no migration. */
  CHANGELOG_INVALID("MIG-1023"),
  /** There is no such table. */
  UNKNOWN_TABLE("MIG-1101"),
  /** The table has no such column. */
  UNKNOWN_COLUMN("MIG-1102"),
  /** There is no such schema. */
  UNKNOWN_SCHEMA("MIG-1103"),
  /** The table has no such index. */
  UNKNOWN_INDEX("MIG-1104"),
  /** The table has no such constraint. */
  UNKNOWN_CONSTRAINT("MIG-1105"),
  /** The table already has the new column. */
  COLUMN_PRESENT("MIG-1201"),
  /** The new table is there already, and different. */
  TABLE_PRESENT("MIG-1202"),
  /** The name of a new object is taken. */
  NAME_TAKEN("MIG-1203"),
  /** An object of that name is there, with another definition. */
  OBJECT_DIFFERS("MIG-1204"),
  /** The index that a new constraint needs is there already. */
  INDEX_PRESENT("MIG-1205"),
  /** The server does not know the type, or it is none that fits here. */
  TYPE_INVALID("MIG-1301"),
  /** A column of that type would rewrite the table while nobody can use it. */
  TYPE_REWRITES("MIG-1302"),
  /** The type cannot change in place. */
  TYPE_CHANGE_UNSAFE("MIG-1303"),
  /** The server refuses an expression. */
  EXPRESSION_INVALID("MIG-1304"),
  /** The values of one column cannot simply be copied to the other. */
  NOT_COPYABLE("MIG-1305"),
  /** The default fails, or is NULL where it must not be. */
  DEFAULT_UNFIT("MIG-1306"),
  /** What is to fill the NULLs does not fit the column. */
  FILLING_UNFIT("MIG-1307"),
  /** The operation is not possible for a column of this kind. */
  COLUMN_UNSUITABLE("MIG-1308"),
  /** The server refuses the declaration of a new table. */
  TABLE_INVALID("MIG-1309"),
  /** What computes a column depends on the session or on the time. */
  TRANSFORM_NOT_IMMUTABLE("MIG-1310"),
  /** Something depends on what is to go, and would be lost or broken. */
  DEPENDENTS_LOST("MIG-1401"),
  /** What depends on the old column does not fit the new type. */
  DEPENDENTS_DO_NOT_FIT("MIG-1402"),
  /** There is no unique key that the foreign key can refer to. */
  KEY_MISSING("MIG-1403"),
  /** A foreign key has other types than it refers to. */
  KEY_TYPES_DIFFER("MIG-1404"),
  /** The index backs a constraint or the replica identity. */
  INDEX_NEEDED("MIG-1405"),
  /** The constraint cannot be dropped so. */
  CONSTRAINT_NOT_DROPPABLE("MIG-1406"),
  /** No insert could leave the column out. */
  COLUMN_NOT_OMISSIBLE("MIG-1407"),
  /** Older releases may use the name. */
  RENAME_BREAKS_OLD_RELEASES("MIG-1408"),
  /** A trigger of the user's own writes a column that is kept in step. */
  WRITTEN_BY_TRIGGER("MIG-1409"),
  /** Code of the database uses rows by the position of their columns. */
  ROW_BY_POSITION("MIG-1410"),
  /** Sessions are set to fire no triggers. */
  TRIGGERS_SUPPRESSED("MIG-1411"),
  /** Somebody has given a column of either side another type while the change is under way. */
  COLUMN_RETYPED("MIG-1412"),
  /** What is named is no table. */
  NOT_A_TABLE("MIG-1501"),
  /** The table has a parent or children by inheritance. */
  INHERITANCE_UNSUPPORTED("MIG-1502"),
  /** The table is a partition. */
  PARTITION_ITSELF("MIG-1503"),
  /** The operation is not supported for partitioned tables. */
  PARTITIONED_UNSUPPORTED("MIG-1504"),
  /** The table is partitioned by the column. */
  PARTITION_KEY("MIG-1505"),
  /** Partitions differ from their table. */
  PARTITIONS_DIFFER("MIG-1506"),
  /** Partitions cannot be changed along with their table. */
  PARTITIONS_UNUSABLE("MIG-1507"),
  /** A table has no room for the new columns. */
  NO_ROOM("MIG-1508"),
  /** A publication sends updates of a table without a replica identity. */
  NO_REPLICA_IDENTITY("MIG-1509"),
  /** A publication sends the table to subscribers that do not know the new columns. */
  REPLICATED("MIG-1510"),
  /** The database is not PostgreSQL. */
  NOT_POSTGRESQL("MIG-2001"),
  /** The server is older than PostgreSQL 14. */
  SERVER_TOO_OLD("MIG-2002"),
  /** The role may not create the journal. */
  JOURNAL_NOT_CREATABLE("MIG-2003"),
  /** The role may not use the journal. */
  JOURNAL_NOT_USABLE("MIG-2004"),
  /** Other roles can change the journal. */
  JOURNAL_OPEN_TO_OTHERS("MIG-2005"),
  /** The journal has a layout that this version cannot work with. */
  JOURNAL_LAYOUT("MIG-2006"),
  /** A part of the journal is missing. */
  JOURNAL_INCOMPLETE("MIG-2007"),
  /** The journal has something that cannot be read. */
  JOURNAL_UNREADABLE("MIG-2008"),
  /** The database is a standby, which only reads. */
  STANDBY("MIG-2009"),
  /** Another session keeps the lock of the first start. */
  JOURNAL_LOCKED("MIG-2010"),
  /** What the journal has recorded to be run was not written by a role that may. */
  RECORD_NOT_SEALED("MIG-2011"),
  /** The database cannot be asked what the start needs to know. */
  DATABASE_UNREACHABLE("MIG-2012"),
  /** The role does not own the table. */
  NOT_OWNER("MIG-2101"),
  /** Row security hides rows from the role. */
  ROW_SECURITY("MIG-2102"),
  /** The role may not switch the user's triggers off. */
  TRIGGER_PRIVILEGE_MISSING("MIG-2103"),
  /** The role may not create tables in the schema. */
  SCHEMA_NOT_WRITABLE("MIG-2104"),
  /** Roles that may write to the table may not call what a transform calls. */
  TRANSFORM_NOT_CALLABLE("MIG-2105"),
  /** The contract has retired what this release needs. */
  RELEASE_TOO_OLD("MIG-3001"),
  /** This release says nothing of a migration that is contracted. */
  CONTRACT_UNKNOWN("MIG-3002"),
  /** This release would write or read one side only. */
  RELEASE_WRITES_ONE_SIDE("MIG-3003"),
  /** What this release uses was undone. */
  UNDONE_MEANWHILE("MIG-3004"),
  /** The start was told to end before it was ready. */
  START_ENDED("MIG-3005"),
  /** What this release needs is not ready in time. */
  START_TOO_LONG("MIG-3006"),
  /** A step that this release needs has failed. */
  NEEDED_STEP_FAILED("MIG-3007"),
  /** Another live instance has the same name. */
  INSTANCE_NAME_TAKEN("MIG-3008"),
  /** The start was interrupted. */
  START_INTERRUPTED("MIG-3009"),
  /** The instance was presumed dead while it started, and is refused since. */
  PRESUMED_DEAD("MIG-3010"),
  /** The instance could not renew its lease, and must not serve for the moment. */
  LEASE_EXPIRED("MIG-3011"),
  /** A release says that a change is completed which the database has never seen. */
  NEVER_SEEN("MIG-3012"),
  /** The plan that was approved is not what would run now. */
  PLAN_CHANGED("MIG-3013"),
  /** A baseline contains what this database has run a part of only. */
  BASELINE_IN_PART("MIG-3014"),
  /** Another instance has run Liquibase for too long. */
  LIQUIBASE_BUSY("MIG-3015"),
  /** There is no DataSource for the migrations, or more than one to choose from. */
  DATA_SOURCE_MISSING("MIG-3101"),
  /** A bean needs the pool's class, which the guard wraps. */
  DATA_SOURCE_WRAPPED("MIG-3102"),
  /** A setting is out of its range, or cannot be read. */
  SETTING_INVALID("MIG-3103"),
  /** The read switch is asked for a migration that is not declared, or not clearly named. */
  READ_SWITCH_UNKNOWN("MIG-3104"),
  /** A location of SQL files cannot be read. */
  LOCATION_INVALID("MIG-3105"),
  /** The history of another tool is not one to go on from. */
  FOREIGN_HISTORY("MIG-3106"),
  /** A job is wanted where there is nothing to do for it. */
  MODE_WITHOUT_MIGRATIONS("MIG-3107"),
  /** The server refused a statement. */
  STATEMENT_FAILED("MIG-4001"),
  /** Other sessions kept a lock for too long. */
  LOCK_NOT_GRANTED("MIG-4002"),
  /** A statement took too long, or was canceled. */
  STATEMENT_CANCELED("MIG-4003"),
  /** Rows violate what is to be added. */
  ROWS_VIOLATE("MIG-4004"),
  /** Rows differ between the two sides. */
  ROWS_DIFFER("MIG-4005"),
  /** Rows cannot be copied to the other side. */
  ROWS_NOT_COPIED("MIG-4006"),
  /** Triggers that keep both sides in step are missing or disabled. */
  TRIGGERS_INACTIVE("MIG-4007"),
  /** It is not verified that both sides agree. */
  NOT_VERIFIED("MIG-4008"),
  /** Another index is in the way of one of a partitioned table. */
  INDEX_IN_THE_WAY("MIG-4009"),
  /** What was copied to the new column is gone. */
  COPY_GONE("MIG-4010"),
  /** A step that is declared without an undo is to be undone. */
  STEP_WITHOUT_UNDO("MIG-4011"),
  /** The connection to the database was lost in a step. */
  CONNECTION_LOST("MIG-4012"),
  /** The background work met an error, and goes on later. */
  WORK_INTERRUPTED("MIG-4013"),
  /** A SQL file was rolled back: by what it did, or by how long it kept a lock. */
  FILE_REFUSED("MIG-4014"),
  /** A standby has not replayed what reads are to switch to. */
  STANDBY_BEHIND("MIG-4015"),
  /** The migration is completed. */
  COMMAND_TOO_LATE("MIG-5001"),
  /** What the command asks for is so already. */
  COMMAND_REDUNDANT("MIG-5002"),
  /** The migration is not as far as the command needs. */
  COMMAND_TOO_EARLY("MIG-5003"),
  /** There is nothing that the command could release. */
  NOTHING_TO_RELEASE("MIG-5004"),
  /** The phase to undo is not the last one begun. */
  OTHER_PHASE("MIG-5005"),
  /** A step of the phase is declared without an undo. */
  UNDO_NOT_DECLARED("MIG-5006"),
  /** A later migration was built on the columns. */
  BUILT_UPON("MIG-5007"),
  /** Live instances read or write the new side. */
  NEW_SIDE_IN_USE("MIG-5008"),
  /** More than one migrator knows the id. */
  ID_AMBIGUOUS("MIG-5009"),
  /** The command does not make sense by itself. */
  COMMAND_INVALID("MIG-5010"),
  /** A step is half undone, which is no state to go on from. */
  UNDO_HALF_DONE("MIG-5011"),
  /** Nobody declares or has begun a migration of that id. */
  UNKNOWN_MIGRATION("MIG-5012"),
  /** The endpoint may not execute commands. */
  COMMANDS_OFF("MIG-5013"),
  /** Hold: this release does not declare the next phase. */
  HELD_NOT_DECLARED("MIG-6001"),
  /** Hold: CONTRACT waits for an operator's command. */
  HELD_CONTRACT_NOT_APPROVED("MIG-6002"),
  /** Hold: CONTRACT is switched off. */
  HELD_CONTRACT_OFF("MIG-6003"),
  /** Hold: instances run whose release may need the old side. */
  HELD_OLD_INSTANCES("MIG-6004"),
  /** Hold: instances still read the old side. */
  HELD_READS_OLD_SIDE("MIG-6005"),
  /** Hold: instances read or write the new side, which is to be undone. */
  HELD_READS_NEW_SIDE("MIG-6006"),
  /** Hold: instances write only the new side, and the old one is to be restored. */
  HELD_WRITES_NEW_SIDE("MIG-6007"),
  /** Hold: instances map the old side, or have not reported what they map. */
  HELD_MAPPED("MIG-6008"),
  /** Hold: the soak time is not over. */
  HELD_SOAK("MIG-6009"),
  /** Hold: what was retired is kept until the retention time is over. */
  HELD_RETENTION("MIG-6010"),
  /** Hold: an operator paused the migration. */
  HELD_PAUSED("MIG-6011"),
  /** Hold: a step failed. */
  HELD_STEP_FAILED("MIG-6012"),
  /** Hold: another migration of the same objects has to complete first. */
  HELD_OTHER_MIGRATION("MIG-6013"),
  /** Hold: a phase was undone, and the migration rests. */
  HELD_UNDONE("MIG-6014"),
  /** Hold: sessions are there that no registered instance accounts for. */
  HELD_UNREGISTERED_SESSIONS("MIG-6015"),
  /** Hold: functions of the database name what goes. */
  HELD_USED_BY_FUNCTION("MIG-6016");

  private final String code;

  ErrorCode(String code) {
    this.code = code;
  }

  /**
   * The code.
   *
   * @return such as {@code MIG-1001}
   */
  public String code() {
    return code;
  }

  @Override
  public String toString() {
    return code;
  }
}
