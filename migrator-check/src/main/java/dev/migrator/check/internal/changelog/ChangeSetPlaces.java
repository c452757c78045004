package dev.migrator.check.internal.changelog;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Finds the change sets of a changelog. Pure: what cannot be read has none. */
final class ChangeSetPlaces {

  /** How changes of the migrator begin, where there are no namespaces. */
  static final String PREFIX = "migrator:";

  /** The change that declares a migration. */
  static final String MIGRATION = "migration";

  private static final String NAMESPACES = "http://www.liquibase.org/xml/ns/";

  private static final Pattern FORMATTED =
      Pattern.compile("\\s*--\\s*changeset\\s+(\"[^\"]+\"|[^:\\s]+):(\"[^\"]+\"|\\S+).*");

  private final String text;

  private final Map<String, ChangeSetPlace> found = new HashMap<>();

  private ChangeSetPlaces(String text) {
    this.text = text;
  }

  static String key(String id, String author) {
    return id + "::" + author;
  }

  /** Those of a file, by their keys. */
  static Map<String, ChangeSetPlace> of(String name, String text) {
    ChangeSetPlaces places = new ChangeSetPlaces(text);
    try {
      if (name.endsWith(".xml")) {
        places.xml();
      } else if (name.endsWith(".sql")) {
        places.sql();
      } else {
        places.yaml();
      }
    } catch (XMLStreamException | YAMLException ex) {
      return Map.of();
    }
    return places.found;
  }

  private void add(@Nullable String id, @Nullable String author, int line, List<String> foreign) {
    if (id != null && author != null) {
      found.putIfAbsent(key(id, author), new ChangeSetPlace(line, foreign, text));
    }
  }

  private void sql() {
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      Matcher it = FORMATTED.matcher(lines[i].stripTrailing());
      if (it.matches()) {
        add(unquoted(it.group(2)), unquoted(it.group(1)), i + 1, List.of());
      }
    }
  }

  private static String unquoted(String name) {
    return name.replaceAll("^\"|\"$", "");
  }

  private void xml() throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader it = factory.createXMLStreamReader(new StringReader(text));
    while (it.hasNext()) {
      if (it.next() == XMLStreamConstants.START_ELEMENT && it.getLocalName().equals("changeSet")) {
        String id = it.getAttributeValue(null, "id");
        String author = it.getAttributeValue(null, "author");
        int line = lineOfTag(it);
        add(id, author, line, foreign(it));
      }
    }
  }

  /** The reader stands behind the tag. */
  private int lineOfTag(XMLStreamReader it) {
    int behind = Math.min(it.getLocation().getCharacterOffset(), text.length());
    int tag = text.lastIndexOf('<', behind - 1);
    return 1 + (int) text.substring(0, Math.max(0, tag)).chars().filter(c -> c == '\n').count();
  }

  /** Liquibase looks at the local names of changes only, and would take them for its own. */
  private static List<String> foreign(XMLStreamReader it) throws XMLStreamException {
    List<String> names = new ArrayList<>();
    int depth = 1;
    while (depth > 0) {
      int event = it.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        String namespace = it.getNamespaceURI();
        boolean other = namespace != null && !namespace.startsWith(NAMESPACES);
        if (depth == 1 && (other || it.getLocalName().equals(MIGRATION))) {
          names.add(
              it.getPrefix().isEmpty()
                  ? it.getLocalName()
                  : it.getPrefix() + ":" + it.getLocalName());
        }
        depth++;
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
      }
    }
    return names;
  }

  private void yaml() {
    Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
    Node log = child(root, "databaseChangeLog");
    for (Node it : items(log)) {
      Node set = child(it, "changeSet");
      if (set != null) {
        add(
            scalar(child(set, "id")),
            scalar(child(set, "author")),
            it.getStartMark().getLine() + 1,
            items(child(set, "changes")).stream().flatMap(c -> keys(c).stream()).toList());
      }
    }
  }

  /** The migrator's only: what else is unknown, Liquibase refuses in production as well. */
  private static List<String> keys(Node node) {
    List<String> keys = new ArrayList<>();
    if (node instanceof MappingNode map) {
      for (NodeTuple it : map.getValue()) {
        String key = scalar(it.getKeyNode());
        if (key != null && (key.startsWith(PREFIX) || key.equals(MIGRATION))) {
          keys.add(key);
        }
      }
    }
    return keys;
  }

  private static @Nullable Node child(@Nullable Node node, String key) {
    if (node instanceof MappingNode map) {
      for (NodeTuple it : map.getValue()) {
        if (key.equals(scalar(it.getKeyNode()))) {
          return it.getValueNode();
        }
      }
    }
    return null;
  }

  private static List<Node> items(@Nullable Node node) {
    return (node instanceof SequenceNode sequence) ? sequence.getValue() : List.of();
  }

  private static @Nullable String scalar(@Nullable Node node) {
    return (node instanceof ScalarNode scalar) ? scalar.getValue() : null;
  }
}
