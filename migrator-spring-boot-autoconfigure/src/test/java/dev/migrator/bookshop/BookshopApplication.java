package dev.migrator.bookshop;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.PropertySource;

/** An application of which each test starts a part. */
@SpringBootApplication(proxyBeanMethods = false)
@PropertySource("classpath:bookshop.properties")
public class BookshopApplication {}
