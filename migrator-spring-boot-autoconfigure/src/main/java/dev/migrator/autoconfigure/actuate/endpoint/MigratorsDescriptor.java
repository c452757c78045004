package dev.migrator.autoconfigure.actuate.endpoint;

import java.util.Map;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Everything there is to show.
 *
 * @param migrators what each migrator reports, by the name of its bean; usually there is one
 */
public record MigratorsDescriptor(Map<String, MigratorDescriptor> migrators)
    implements OperationResponseBody {}
