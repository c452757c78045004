package dev.migrator.users.jdbc;

import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.ReadOnlyProperty;
import org.springframework.data.relational.core.mapping.Table;

/** Writes the old column, and knows the new one for reading. */
@Table("customer")
public record Customer(@Id Long id, String name, @ReadOnlyProperty String fullName) {}
