package dev.migrator.bookshop;

import java.util.List;
import org.springframework.data.repository.ListCrudRepository;

interface StoredBooks extends ListCrudRepository<StoredBook, Long> {

  List<StoredBook> findByTitle(String title);
}
