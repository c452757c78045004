package dev.migrator.orders.release1;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
class OrderLine {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  String article;
}
