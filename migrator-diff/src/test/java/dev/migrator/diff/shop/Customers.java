package dev.migrator.diff.shop;

import org.springframework.data.repository.CrudRepository;

/** The customers of the shop. */
interface Customers extends CrudRepository<Customer, Long> {}
