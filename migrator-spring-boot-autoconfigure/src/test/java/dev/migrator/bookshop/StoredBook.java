package dev.migrator.bookshop;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** The same for Spring Data JDBC. */
@Table("book")
record StoredBook(@Id Long id, String title) {}
