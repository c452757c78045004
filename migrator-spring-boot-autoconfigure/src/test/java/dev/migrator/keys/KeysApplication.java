package dev.migrator.keys;

import dev.migrator.Migration;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.CrudRepository;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.transaction.annotation.Transactional;

/** Uses neither the old nor the new column of the change, so that it fits every shape. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
@EnableJdbcRepositories(
    basePackageClasses = KeysApplication.class,
    considerNestedRepositories = true)
class KeysApplication {

  static final String RENAME = "2026-11-27-owner-phone";

  @Bean
  @ConditionalOnBooleanProperty("keys.rename")
  Migration rename() {
    return Migration.define(RENAME)
        .table("owner")
        .renameColumn("telephone", "phone")
        .switchRead()
        .dropColumn("telephone");
  }

  @Bean
  Keys keys(Owners owners, JdbcClient client, JdbcTemplate template) {
    return new JdbcKeys(owners, client, template);
  }

  interface Owners extends CrudRepository<Owner, Long> {}

  @Table("owner")
  record Owner(@Id Long id, String name) {}

  static class JdbcKeys implements Keys {

    private static final String INSERT = "INSERT INTO owner (name) VALUES (?)";

    private final Owners owners;

    private final JdbcClient client;

    private final JdbcTemplate template;

    private final SimpleJdbcInsert insert;

    JdbcKeys(Owners owners, JdbcClient client, JdbcTemplate template) {
      this.owners = owners;
      this.client = client;
      this.template = template;
      this.insert =
          new SimpleJdbcInsert(template)
              .withTableName("owner")
              .usingColumns("name")
              .usingGeneratedKeyColumns("id");
    }

    @Override
    @Transactional
    public long insert(Way way, String name) {
      return switch (way) {
        case SPRING_DATA -> owners.save(new Owner(null, name)).id();
        case CLIENT_WITHOUT_COLUMNS -> {
          KeyHolder keys = new GeneratedKeyHolder();
          client.sql(INSERT).param(name).update(keys);
          yield id(keys);
        }
        case SIMPLE_INSERT -> insert.executeAndReturnKey(Map.of("name", name)).longValue();
        case TEMPLATE_WITHOUT_COLUMNS -> {
          KeyHolder keys = new GeneratedKeyHolder();
          template.update(
              connection -> {
                PreparedStatement statement =
                    connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS);
                statement.setString(1, name);
                return statement;
              },
              keys);
          yield id(keys);
        }
      };
    }

    private static long id(KeyHolder keys) {
      return (Long) Objects.requireNonNull(keys.getKeys()).get("id");
    }

    @Override
    @Transactional
    public List<String> names(long id) {
      return client.sql("SELECT * FROM owner WHERE id = ?").param(id).query().listOfRows().stream()
          .map(it -> String.valueOf(it.get("name")))
          .toList();
    }
  }
}
